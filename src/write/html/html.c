// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/html/html.h"

#include <ksymaudit.h>
#include <string.h>

#include "base/escape.h"
#include "write/out.h"

void html_release(struct html *h)
{
	strbuf_release(&h->buf);
	strbuf_release(&h->escaped);
}

void html_raw(struct html *h, const char *markup)
{
	strbuf_adds(&h->buf, markup);
}

static const char *entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	default:
		return "&#39;";
	}
}

void html_add(struct strbuf *buf, const char *s)
{
	for (size_t run; *s; s += run) {
		run = strcspn(s, "&<>\"'");
		strbuf_add(buf, s, run);
		if (!s[run])
			break;
		strbuf_adds(buf, entity(s[run]));
		run++;
	}
}

void html_text(struct html *h, const char *s)
{
	strbuf_reset(&h->escaped);
	escape_text(&h->escaped, s);
	html_add(&h->buf, strbuf_string(&h->escaped));
	h->buf.failed |= h->escaped.failed;
}

void html_prose(struct html *h, const char *s)
{
	for (const char *end; (end = strchr(s, '\n')) != NULL; s = end + 1) {
		struct strbuf line = {NULL, 0, 0, false};

		strbuf_add(&line, s, (size_t)(end - s));
		html_text(h, strbuf_string(&line));
		html_raw(h, "\n");
		h->buf.failed |= line.failed;
		strbuf_release(&line);
	}
	html_text(h, s);
}

void html_element(struct html *h, const char *name, const char *s)
{
	strbuf_printf(&h->buf, "<%s>", name);
	html_text(h, s);
	strbuf_printf(&h->buf, "</%s>", name);
}

void html_plain_table(struct html *h, const char *id, const char *caption)
{
	strbuf_printf(&h->buf,
		      "<div class=\"scroll\" role=\"region\" tabindex=\"0\" "
		      "aria-labelledby=\"%s-caption\">\n<table id=\"%s\" class=\"facts\">\n"
		      "<caption id=\"%s-caption\">",
		      id, id, id);
	html_text(h, caption);
	html_raw(h, "</caption>\n<thead>");
}

void html_drain(struct html *h)
{
	if (!h->status)
		h->status = out_piece(&h->buf, h->out, h->err);
}

void html_begin(struct html *h, const char *title)
{
	strbuf_printf(&h->buf,
		      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		      "style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'\">\n"
		      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		      "<meta name=\"color-scheme\" content=\"light dark\">\n"
		      "<meta name=\"generator\" content=\"ksymaudit %s\">\n<title>",
		      html_report_css_hash, html_report_js_hash, ksa_version());
	html_text(h, title);
	html_raw(h, "</title>\n<style>");
	html_raw(h, html_report_css);
	html_raw(h, "</style>\n</head>\n<body>\n<main>\n<h1>");
	html_text(h, title);
	html_raw(h, "</h1>\n");
}

int html_end(struct html *h)
{
	strbuf_printf(&h->buf, "</main>\n<footer>Written by ksymaudit %s.</footer>\n<script>",
		      ksa_version());
	html_raw(h, html_report_js);
	html_raw(h, "</script>\n</body>\n</html>\n");
	if (!h->status)
		h->status = out_flush(&h->buf, h->out, h->err);
	return h->status ? h->status : out_finish(h->out, h->err);
}
