// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * /init of the guest. Does what /script says, one command a line, and tells on the second serial
 * port, whose device is its argument, what came of it; the first one is the kernel's console.
 *
 *   case NAME           say NAME
 *   load FILE [PARAM]   one finit_module()
 *   unload NAME         delete_module()
 *   run PATH [ARG...]   run a program to its end
 *
 * Said, one line each, in this order: the command after "> "; "errno NAME" ("none" for success) and
 * "taint LETTERS" of a module that is now loaded, or "out TEXT" for every line that a program wrote
 * and its "exit N"; "kmsg TEXT" for every line that the kernel logged meanwhile; "tainted N", the
 * kernel's mask. "end" is the last line: without it the guest did not get that far.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { LINE_SIZE = 1024, RECORD_SIZE = 8192, WORDS = 32 };

static void die(FILE *port, const char *what) __attribute__((noreturn));

static void die(FILE *port, const char *what)
{
	fprintf(port ? port : stderr, "broken %s: %s\n", what, strerror(errno));
	if (port)
		fflush(port);
	sync();
	reboot(RB_POWER_OFF);
	_exit(1);
}

/* The second serial port, with bytes passed on as they are. */
static FILE *open_port(const char *device)
{
	FILE *port = fopen(device, "w");
	struct termios t;

	if (!port || tcgetattr(fileno(port), &t))
		die(NULL, device);
	cfmakeraw(&t);
	if (tcsetattr(fileno(port), TCSANOW, &t))
		die(NULL, device);
	return port;
}

/*
 * What the kernel logged since the last call; its records escape control bytes themselves. A line
 * that the kernel does not end, as that of a livepatch, is no record before another one comes: we
 * send one.
 */
static void tell_kmsg(FILE *port, int kmsg)
{
	static const char last[] = "init: that was all";
	char record[RECORD_SIZE];

	if (write(kmsg, last, sizeof(last) - 1) < 0)
		die(port, "/dev/kmsg");
	for (;;) {
		ssize_t n = read(kmsg, record, sizeof(record) - 1);
		char *text;

		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0)
			die(port, "/dev/kmsg");
		record[n] = '\0';
		text = strchr(record, ';');
		if (!text)
			continue;
		text++;
		text[strcspn(text, "\n")] = '\0';
		if (strcmp(text, last) != 0)
			fprintf(port, "kmsg %s\n", text);
	}
}

static void tell_file(FILE *port, const char *what, const char *path)
{
	char line[LINE_SIZE];
	FILE *file = fopen(path, "r");

	if (!file)
		return;
	if (fgets(line, sizeof(line), file))
		fprintf(port, "%s %s", what, line);
	fclose(file);
}

/* The name that the kernel gives to the module of that file. */
static void module_name(const char *path, char *name, size_t size)
{
	const char *base = strrchr(path, '/');
	size_t i = 0;

	for (base = base ? base + 1 : path; *base && *base != '.' && i + 1 < size; base++)
		name[i++] = (char)(*base == '-' ? '_' : *base);
	name[i] = '\0';
}

static void tell_errno(FILE *port, long result)
{
	fprintf(port, "errno %s\n", result ? strerrorname_np(errno) : "none");
}

static void load(FILE *port, const char *path, const char *parameters)
{
	char name[128], file[256];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	long result;

	if (fd < 0)
		die(port, path);
	result = syscall(SYS_finit_module, fd, parameters, 0);
	tell_errno(port, result);
	close(fd);
	module_name(path, name, sizeof(name));
	snprintf(file, sizeof(file), "/sys/module/%s/taint", name);
	tell_file(port, "taint", file);
}

static void run(FILE *port, char *const argv[])
{
	char line[LINE_SIZE];
	int ends[2], status = 0;
	pid_t child;
	FILE *out;

	if (pipe(ends))
		die(port, "pipe");
	child = fork();
	if (child < 0)
		die(port, "fork");
	if (!child) {
		dup2(ends[1], 1);
		dup2(ends[1], 2);
		close(ends[0]);
		close(ends[1]);
		execv(argv[0], argv);
		perror(argv[0]);
		_exit(127);
	}
	close(ends[1]);
	out = fdopen(ends[0], "r");
	if (!out)
		die(port, "fdopen");
	while (fgets(line, sizeof(line), out)) {
		line[strcspn(line, "\n")] = '\0';
		fprintf(port, "out %s\n", line);
		fflush(port);
	}
	fclose(out);
	if (waitpid(child, &status, 0) != child)
		die(port, "waitpid");
	if (WIFSIGNALED(status))
		fprintf(port, "exit signal-%d\n", WTERMSIG(status));
	else
		fprintf(port, "exit %d\n", WEXITSTATUS(status));
}

static size_t split(char *line, char **words)
{
	size_t count = 0;
	char *rest = NULL;

	for (char *w = strtok_r(line, " ", &rest); w && count < WORDS - 1;
	     w = strtok_r(NULL, " ", &rest))
		words[count++] = w;
	words[count] = NULL;
	return count;
}

static void command(FILE *port, int kmsg, char *line)
{
	char *words[WORDS], *argument;
	char copy[LINE_SIZE];
	size_t count;

	fprintf(port, "> %s\n", line);
	fflush(port);
	snprintf(copy, sizeof(copy), "%s", line);
	count = split(line, words);
	errno = EINVAL;
	if (count < 2)
		die(port, copy);
	if (strcmp(words[0], "load") == 0) {
		argument = strchr(copy, ' ');
		argument = argument ? strchr(argument + 1, ' ') : NULL;
		load(port, words[1], argument ? argument + 1 : "");
	} else if (strcmp(words[0], "unload") == 0) {
		tell_errno(port, syscall(SYS_delete_module, words[1], O_NONBLOCK));
	} else if (strcmp(words[0], "run") == 0) {
		run(port, words + 1);
	} else if (strcmp(words[0], "case") != 0) {
		die(port, copy);
	}
	tell_kmsg(port, kmsg);
	tell_file(port, "tainted", "/proc/sys/kernel/tainted");
	fflush(port);
}

int main(int argc, char **argv)
{
	char line[LINE_SIZE];
	FILE *port, *script;
	int kmsg;

	mkdir("/proc", 0755);
	mkdir("/sys", 0755);
	mkdir("/dev", 0755);
	mkdir("/tmp", 01777);
	if (mount("proc", "/proc", "proc", 0, NULL) || mount("sysfs", "/sys", "sysfs", 0, NULL) ||
	    mount("devtmpfs", "/dev", "devtmpfs", 0, NULL))
		die(NULL, "mount");
	port = open_port(argc > 1 ? argv[1] : "");
	kmsg = open("/dev/kmsg", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	script = fopen("/script", "re");
	if (kmsg < 0 || !script)
		die(port, "/dev/kmsg or /script");
	fprintf(port, "begin\n");
	tell_kmsg(port, kmsg);
	while (fgets(line, sizeof(line), script)) {
		line[strcspn(line, "\n")] = '\0';
		command(port, kmsg, line);
	}
	fprintf(port, "end\n");
	fflush(port);
	tcdrain(fileno(port));
	reboot(RB_POWER_OFF);
	return 1;
}
