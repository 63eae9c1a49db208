// SPDX-License-Identifier: GPL-2.0
/*
 * What becomes of pages that are in the device's memory when the driver is unloaded: one program
 * leaves a process behind that has some (it closes the device, so that the driver can go), and
 * after the unloading another one asks it, through a FIFO, whether they are what they were.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>

#include "exerciser.h"

enum { SALT = 51, ANSWER_MS = 20000 };

/* fill_device() - pages of this process, with known contents, all in the device's memory */
static bool fill_device(struct context *context, struct area *area)
{
	area_init(area, 4 * PAGES);
	fill(area->memory, area->length, SALT);
	CHECK(all_to_device(area));
	CHECK(count(area, VALID | DEVICE) == (long)(4 * PAGES));
	CHECK(used(context) == 4 * PAGES);
	return true;
}

/* stay() - the process that is left behind; @ready learns whether it has its pages in the device */
static void stay(struct context *context, const char *path, int ready)
{
	struct area area;
	bool good = fill_device(context, &area);
	int fd;

	close(area.fd);
	close(context->fd);
	/* The guest waits until nobody has its standard output. */
	if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
		good = false;
	if (write(ready, good ? "y" : "n", 1) != 1 || !good)
		_exit(1);
	close(ready);
	fd = open(path, O_WRONLY | O_CLOEXEC); /* until somebody asks */
	good = filled(area.memory, area.length, SALT);
	_exit(fd < 0 || write(fd, good ? "y" : "n", 1) != 1);
}

int keep(struct context *context, const char *path)
{
	char answer = 'n';
	bool good;
	int ends[2];
	pid_t child;

	puts("1..1");
	need(mkfifo(path, 0600) == 0, path);
	need(pipe(ends) == 0, "pipe");
	child = fork();
	need(child >= 0, "fork");
	if (!child) {
		close(ends[0]);
		stay(context, path, ends[1]);
	}
	close(ends[1]);
	good = read(ends[0], &answer, 1) == 1 && answer == 'y';
	close(ends[0]);
	printf("%sok 1 - pages stay in the device's memory\n", good ? "" : "not ");
	return !good;
}

int kept(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	char answer = 'n';
	bool good;

	puts("1..1");
	need(fd >= 0, path);
	good = poll(&wait, 1, ANSWER_MS) == 1 && read(fd, &answer, 1) == 1 && answer == 'y';
	close(fd);
	unlink(path);
	printf("%sok 1 - they are in RAM, as they were\n", good ? "" : "not ");
	return !good;
}
