// SPDX-License-Identifier: GPL-2.0-or-later
const char linux_banner[] __attribute__((used)) = "Linux version 6.1.0-test (test) #1";
int start(void)
{
	return linux_banner[0];
}
