/* SPDX-License-Identifier: GPL-2.0-or-later */
"use strict";
(function () {
	const FIRST = 100, MORE = 1000; /* rows: as html_table.c writes them, and a press of the button */
	const CHOICES = 40; /* as many values can be chosen from */
	const FEW = 3; /* rows: fewer need no tools */
	const UNSEARCHED = ["Why", "Fix"]; /* the same for all findings of a rule */

	function element(name, text, className) {
		const e = document.createElement(name);

		if (text !== undefined)
			e.textContent = text;
		if (className)
			e.className = className;
		return e;
	}

	const number = (n) => n.toLocaleString("en-US");
	const count = (n, noun) => number(n) + " " + noun + (n === 1 ? "" : "s");

	function Table(table) {
		const data = JSON.parse(document.getElementById(table.id + "-data").textContent);
		const strings = data.strings, rows = data.rows;
		const heads = Array.from(table.tHead.rows[0].cells);
		const kinds = heads.map((th) => th.dataset.kind);
		const status = element("output");
		const input = element("input");
		const more = element("button", "", "more");
		const chosen = new Map(); /* column: index of the string */
		let order = rows.map((_, i) => i), shown = order, limit = FIRST;
		let lower, starts, searched; /* made when the first filter needs them */

		/* --- one row, as html_table.c writes it --- */

		function text(row, index) {
			return strings[index].replace(/[\u0001-\u0008]/g,
				(c) => strings[row[c.charCodeAt(0) - 1]]);
		}

		function link(href, content) {
			const a = element("a");

			a.setAttribute("href", href);
			a.append(content);
			return a;
		}

		/* Lines that are links can be followed. */
		function detail(value) {
			const dd = element("dd");

			value.split("\n").forEach((line, i) => {
				if (i)
					dd.append("\n");
				dd.append(/^https?:\/\/[^ ]+$/.test(line) ? link(line, line) : line);
			});
			return dd;
		}

		function mainCell(td, row, value) {
			const details = element("details"), list = element("dl");

			if (row.length === kinds.length) {
				td.textContent = value;
				return;
			}
			for (let i = kinds.length; i < row.length; i += 2)
				list.append(element("dt", strings[row[i]]), detail(text(row, row[i + 1])));
			details.append(element("summary", value || "more"), list);
			td.append(details);
		}

		function cell(row, c) {
			const value = text(row, row[c]), kind = kinds[c];
			const heading = kind === "name" || kind === "find";
			const td = element(heading ? "th" : "td");

			if (heading)
				td.scope = "row";
			if (kind === "name" || kind === "code")
				td.append(element("code", value));
			else if (kind === "find")
				td.append(link("#findings", element("code", value)));
			else if (kind === "rule")
				td.append(link("#" + value, value));
			else if (kind === "badge")
				td.append(element("span", value, "badge " + value));
			else if (kind === "main")
				mainCell(td, row, value);
			else
				td.textContent = value;
			if (kind === "number" || kind === "main")
				td.className = kind;
			else if (kind === "change" && value.includes(" -> "))
				td.className = "changed";
			return td;
		}

		function line(row) {
			const tr = element("tr");

			for (let c = 0; c < kinds.length; c++)
				tr.append(cell(row, c));
			return tr;
		}

		function say() {
			const noun = table.dataset.noun;
			let words = shown.length === rows.length ? count(rows.length, noun)
				: number(shown.length) + " of " + count(rows.length, noun);

			if (shown.length > limit)
				words += ", the first " + number(limit) + " are shown";
			status.textContent = words;
			more.textContent = "Show " + number(Math.min(MORE, shown.length - limit)) + " more";
			more.hidden = shown.length <= limit;
		}

		function append(from) {
			const part = document.createDocumentFragment();

			for (let i = from; i < shown.length && i < limit; i++)
				part.append(line(rows[shown[i]]), "\n");
			table.tBodies[0].append(part);
			say();
		}

		function show() {
			limit = FIRST;
			table.tBodies[0].replaceChildren();
			append(0);
		}

		/* --- filter: each word is looked for in each string once, then rows by numbers --- */

		function prepare() {
			const quiet = new Set(UNSEARCHED);
			const all = [];

			lower = strings.map((s) => s.toLowerCase());
			starts = new Uint32Array(rows.length + 1);
			rows.forEach((row, i) => {
				starts[i] = all.length;
				for (let c = 0; c < kinds.length; c++)
					all.push(row[c]);
				for (let c = kinds.length; c < row.length; c += 2)
					if (!quiet.has(strings[row[c]]))
						all.push(row[c + 1]);
			});
			starts[rows.length] = all.length;
			searched = Uint32Array.from(all);
		}

		/* A word may be quoted as modpost does it. "=word" is the whole of a cell. */
		function words() {
			return input.value.toLowerCase().split(/\s+/)
				.map((w) => w.replace(/^["'([]+|["')\],;!]+$/g, "")).filter((w) => w && w !== "=");
		}

		function hits(word) {
			const found = new Uint8Array(strings.length);
			const whole = word[0] === "=" ? word.slice(1) : null;

			for (let i = 0; i < found.length; i++)
				found[i] = whole === null ? lower[i].includes(word) : lower[i] === whole;
			return found;
		}

		function passes(row, found) {
			for (let i = starts[row]; i < starts[row + 1]; i++)
				if (found[searched[i]])
					return true;
			return false;
		}

		function filter() {
			const wanted = words().map((w) => {
				if (!lower)
					prepare();
				return hits(w);
			});

			shown = order.filter((row) => {
				for (const [c, index] of chosen)
					if (rows[row][c] !== index)
						return false;
				return wanted.every((found) => passes(row, found));
			});
			show();
		}

		/* --- sort --- */

		function keys(c) {
			const order = heads[c].dataset.order ? heads[c].dataset.order.split(" ") : null;
			const used = Array.from(new Set(rows.map((row) => row[c])));
			const rank = new Float64Array(strings.length);

			if (kinds[c] === "number")
				used.forEach((i) => { rank[i] = Number(strings[i].replace(/,/g, "")) || 0; });
			else if (order)
				used.forEach((i) => { rank[i] = order.indexOf(strings[i]); });
			else
				used.sort((a, b) => strings[a] < strings[b] ? -1 : strings[a] > strings[b] ? 1 : 0)
					.forEach((i, n) => { rank[i] = n; });
			return rank;
		}

		function sort(c) {
			const up = heads[c].getAttribute("aria-sort") !== "ascending";
			const rank = keys(c), sign = up ? 1 : -1;

			heads.forEach((th, i) => th.setAttribute("aria-sort",
				i !== c ? "none" : up ? "ascending" : "descending"));
			order = rows.map((_, i) => i)
				.sort((a, b) => sign * (rank[rows[a][c]] - rank[rows[b][c]]) || a - b);
			filter();
		}

		/* --- what the page has only with a script --- */

		function labelled(words, control, id) {
			const label = element("label", words);

			control.id = id;
			label.htmlFor = id;
			label.append(control);
			return label;
		}

		function choice(th, c) {
			const select = element("select");
			const values = Array.from(new Set(rows.map((row) => row[c])));
			const rank = keys(c);

			if (values.length < 2 || values.length > CHOICES)
				return [];
			select.append(new Option("all", ""));
			for (const i of values.sort((a, b) => rank[a] - rank[b]))
				select.append(new Option(strings[i] || "none", i));
			select.addEventListener("change", () => {
				if (select.value)
					chosen.set(c, Number(select.value));
				else
					chosen.delete(c);
				filter();
			});
			return [labelled(th.textContent, select, table.id + "-choice-" + c)];
		}

		function setUp() {
			const tools = element("div", undefined, "tools");

			input.type = "search";
			input.autocomplete = "off";
			input.spellcheck = false;
			input.placeholder = "words; =word: the whole of a cell";
			input.addEventListener("input", filter);
			tools.append(labelled("Filter", input, table.id + "-filter"));
			heads.forEach((th, c) => {
				if ("choice" in th.dataset)
					tools.append(...choice(th, c));
			});
			tools.append(status);
			heads.forEach((th, c) => {
				const button = element("button", th.textContent);

				button.type = "button";
				button.addEventListener("click", () => sort(c));
				th.replaceChildren(button);
				th.setAttribute("aria-sort", "none");
			});
			more.type = "button";
			more.addEventListener("click", () => {
				const from = limit;

				limit += MORE;
				append(from);
			});
			table.parentElement.before(tools);
			table.parentElement.after(more);
			say();
		}

		if (rows.length >= FEW)
			setUp();
		this.find = (word) => {
			input.value = "=" + word;
			filter();
			input.focus();
		};
	}

	const tables = new Map();

	document.querySelectorAll("table.rows").forEach((t) => tables.set(t.id, new Table(t)));

	/* A module of the matrix leads to its findings, a finding to its rule. */
	document.addEventListener("click", (event) => {
		const a = event.target.closest("table.rows a");
		const target = a && document.getElementById(a.getAttribute("href").slice(1));

		if (target && tables.has(target.id))
			tables.get(target.id).find(a.textContent);
		else if (target)
			target.open = true;
	});

	/* Paper has nothing to press. */
	let opened = [];

	window.addEventListener("beforeprint", () => {
		opened = Array.from(document.querySelectorAll("details:not([open])"));
		opened.forEach((d) => { d.open = true; });
	});
	window.addEventListener("afterprint", () => {
		opened.forEach((d) => { d.open = false; });
		opened = [];
	});
})();
