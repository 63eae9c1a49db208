// SPDX-License-Identifier: GPL-2.0-or-later
#include "cmd/cmd.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/escape.h"

int print_error(const struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};

	if (*err->source) {
		escape_text(&buf, err->source);
		if (err->line)
			strbuf_printf(&buf, ":%u", err->line);
		if (err->line && err->column)
			strbuf_printf(&buf, ":%u", err->column);
		strbuf_adds(&buf, ": ");
	}
	escape_text(&buf, err->text);
	fprintf(stderr, "ksymaudit: %s\n", strbuf_string(&buf));
	return EXIT_TROUBLE;
}

void print_note(const char *prefix, const char *text)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};

	escape_text(&buf, text);
	fprintf(stderr, "%s%s\n", prefix, strbuf_string(&buf));
}

void say_notices(const struct invocation *inv, const char *const *notices, size_t count)
{
	for (size_t i = 0; i < count && (!inv->common.quiet || inv->common.strict); i++)
		print_note("ksymaudit: notice: ", notices[i]);
}

bool say_incomplete(const struct ksa_kernel *kernel)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	const struct kernel_gap *first = kernel->gaps;

	if (!kernel->gap_count)
		return false;
	strbuf_printf(&buf, "%s: %s %s", kernel->label, first->module, first->why);
	if (kernel->gap_count > 1)
		strbuf_printf(&buf, ", and %zu more", kernel->gap_count - 1);
	strbuf_printf(&buf, " (%s)", kernel_gap_effect(kernel));
	print_note("ksymaudit: incomplete: ", strbuf_string(&buf));
	return true;
}

bool say_history_incomplete(const struct ksa_history *history)
{
	if (history->incomplete)
		print_note("ksymaudit: incomplete: ", history->incomplete);
	return history->incomplete;
}

bool stdout_is_abandoned(void)
{
	struct pollfd fd = {.fd = STDOUT_FILENO};

	return poll(&fd, 1, 0) == 1 && (fd.revents & POLLERR);
}

static int cannot_write(const struct output *out)
{
	struct ksa_error err = {.code = 0};

	if (!out->replaced && stdout_is_abandoned())
		return EXIT_TROUBLE;
	ksa_fail_at(&err, KSA_EIO, out->path, 0, "cannot write: %s", strerror(errno ? errno : EIO));
	if (!out->err)
		return print_error(&err);
	if (!out->err->code)
		*out->err = err;
	return EXIT_TROUBLE;
}

/* The file that is replaced: behind links, and only one that could be written in place too. */
static char *find_target(const char *path, mode_t *mode)
{
	char *target;
	struct stat st;

	if (lstat(path, &st) < 0) {
		mode_t mask = umask(0);

		umask(mask);
		*mode = 0666 & ~mask;
		return errno == ENOENT ? strdup(path) : NULL;
	}
	target = realpath(path, NULL);
	if (!target || stat(target, &st) < 0 || access(target, W_OK) < 0) {
		free(target);
		return NULL;
	}
	*mode = st.st_mode & 0777;
	return target;
}

int output_open(struct output *out, const struct invocation *inv)
{
	if (inv->common.output)
		return output_open_file(out, inv->common.output, NULL);
	memset(out, 0, sizeof(*out));
	out->path = "(standard output)";
	out->file = stdout;
	return 0;
}

int output_open_file(struct output *out, const char *path, struct ksa_error *err)
{
	_cleanup_free_ char *target = NULL;
	struct stat st;
	mode_t mode;

	memset(out, 0, sizeof(*out));
	out->path = path;
	out->err = err;
	/* /dev/null, a FIFO: there is nothing to rename. */
	if (stat(out->path, &st) == 0 && !S_ISREG(st.st_mode)) {
		out->file = fopen(out->path, "w");
		return out->file ? 0 : cannot_write(out);
	}
	out->replaced = true;
	target = find_target(path, &mode);
	if (!target || replacement_open(&out->replacement, target, mode))
		return cannot_write(out);
	out->file = out->replacement.file;
	return 0;
}

int output_failed(struct output *out, struct ksa_error *err)
{
	if (!*err->source && err->code == KSA_EIO)
		snprintf(err->source, sizeof(err->source), "%s", out->path);
	if (out->err || (err->code == KSA_EIO && !out->replaced && stdout_is_abandoned()))
		return output_close(out, false, EXIT_TROUBLE);
	return output_close(out, false, print_error(err));
}

int output_close(struct output *out, bool keep, int status)
{
	bool failed;

	if (!out->file)
		return status;
	if (out->replaced) {
		failed = replacement_close(&out->replacement, keep) != 0;
	} else {
		errno = 0;
		failed = fflush(out->file) != 0 || ferror(out->file);
		if (out->file != stdout && fclose(out->file) != 0)
			failed = true;
	}
	out->file = NULL;
	return failed && keep ? cannot_write(out) : status;
}

static long long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

/* "1,234/s, 5 s left", once there is something to go by. */
static void show_rate(size_t done, size_t total, long long elapsed)
{
	double rate = elapsed > 500 ? (double)done * 1000 / (double)elapsed : 0;

	if (rate < 1)
		return;
	fprintf(stderr, ", %.0f/s", rate);
	if (total > done)
		fprintf(stderr, ", %.0f s left", (double)(total - done) / rate);
}

void progress_show(void *ctx, const char *what, size_t done, size_t total)
{
	struct progress *progress = ctx;
	long long now = now_ms(), next = atomic_load(&progress->next);

	if (atomic_exchange(&progress->what, what) != what)
		atomic_store(&progress->since, now);
	if (!next) {
		atomic_compare_exchange_strong(&progress->next, &next, now + 1000);
		return;
	}
	if (now < next || !atomic_compare_exchange_strong(&progress->next, &next, now + 100))
		return;
	atomic_store(&progress->shown, true);
	fprintf(stderr, "\r\033[K%s: %zu", what, done);
	if (total)
		fprintf(stderr, " of %zu", total);
	show_rate(done, total, now - atomic_load(&progress->since));
}

void progress_clear(struct invocation *inv)
{
	if (atomic_exchange(&inv->progress.shown, false))
		fputs("\r\033[K", stderr);
}
