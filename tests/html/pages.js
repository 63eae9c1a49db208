// SPDX-License-Identifier: GPL-2.0-or-later
// The pages of tests/html/run.sh in Chromium: node pages.js DIR OUTDIR
"use strict";
const assert = require("assert");
const fs = require("fs");
const path = require("path");
const { pathToFileURL } = require("url");
const { chromium } = require("playwright-core");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const [dir, out] = process.argv.slice(2);
const FILTER_MS = 50;
const tests = [];
const test = (name, run) => tests.push({ name, run });
const json = (name) => JSON.parse(fs.readFileSync(path.join(dir, name), "utf8"));
const sorted = (list) => Array.from(list).sort();

let browser;

// A page with everything recorded that it must not do.
async function open(name, options = {}) {
	const url = pathToFileURL(path.join(dir, name)).href;
	const context = await browser.newContext({
		colorScheme: "light", viewport: { width: 1280, height: 900 }, ...options });
	const page = await context.newPage();
	const bad = [];

	page.on("console", (m) => bad.push("console: " + m.text()));
	page.on("pageerror", (e) => bad.push("error: " + e.message));
	page.on("dialog", (d) => { bad.push("dialog: " + d.message()); d.dismiss(); });
	page.on("popup", () => bad.push("popup"));
	page.on("request", (r) => { if (r.url() !== url) bad.push("request: " + r.url()); });
	if (options.javaScriptEnabled !== false)
		await page.addInitScript(() => {
			window.violations = [];
			document.addEventListener("securitypolicyviolation", (e) =>
				window.violations.push(e.violatedDirective + " " + e.blockedURI));
		});
	await page.goto(url);
	return { page, async close() {
		if (options.javaScriptEnabled !== false)
			assert.deepStrictEqual(await page.evaluate(() => window.violations), []);
		await context.close();
		assert.deepStrictEqual(bad, []);
	} };
}

async function using(name, options, run) {
	const opened = await open(name, options);

	await run(opened.page);
	await opened.close();
}

// The cells of a table's rows, as text; a main cell is that of its summary, with its details.
const rowsOf = (page, id) => page.evaluate((table) =>
	Array.from(document.getElementById(table).tBodies[0].rows, (tr) => ({
		cells: Array.from(tr.cells, (td) =>
			(td.querySelector("summary") || td).textContent),
		details: Array.from(tr.querySelectorAll("dt"), (dt) =>
			[dt.textContent, dt.nextElementSibling.textContent]),
	})), id);

async function showAll(page, id) {
	const more = page.locator(`.scroll:has(#${id}) + button.more`);

	while (await more.isVisible())
		await more.click();
}

const status = (page, id) => page.locator(`.tools:has(+ .scroll #${id}) output`).textContent();
const setFilter = (page, id, words) => page.locator(`#${id}-filter`).fill(words);

// Control bytes are written out as on a terminal, a lone backslash before an x too.
const shown = (s) => s.replace(/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]/gu, (c) =>
	Array.from(Buffer.from(c), (b) => "\\x" + b.toString(16).padStart(2, "0")).join(""));

const PAGES = ["hostile", "diff", "stats", "events", "authors", "large"];

for (const name of PAGES)
	for (const colorScheme of ["light", "dark"])
		for (const width of [1280, 390])
			test(`${name}, ${colorScheme}, ${width} wide: loads, runs and asks for nothing else; accessible`, () =>
				using(name + ".html", { colorScheme, viewport: { width, height: 1000 } }, async (page) => {
					await page.screenshot({ path: path.join(out, `${name}-${colorScheme}-${width}.png`) });
					assert(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
						"the page is wider than the window");
					await page.evaluate(axe);
					const { violations } = await page.evaluate(() => window.axe.run(document, {
						runOnly: ["wcag2a", "wcag2aa", "wcag21aa"], resultTypes: ["violations"] }));
					assert.deepStrictEqual(violations.map((v) => `${v.id}: ${v.nodes[0].html}`), []);
				}));

for (const name of PAGES)
	test(`${name}: without JavaScript`, () =>
		using(name + ".html", { javaScriptEnabled: false }, async (page) => {
			const source = fs.readFileSync(path.join(dir, name + ".html"), "utf8");

			assert(await page.locator("h1").isVisible());
			assert.strictEqual(await page.locator("button, input, select").count(), 0);
			assert.strictEqual(await page.locator("noscript p").count(), (source.match(/<noscript>/g) || []).length);
			for (const p of await page.locator("noscript p").all())
				assert.match(await p.textContent(), /the first 100 of [\d,]+ \w+ are shown/);
			await page.screenshot({ path: path.join(out, `${name}-noscript.png`) });
		}));

for (const name of ["hostile", "diff", "large"])
	test(`${name}: the script makes the rows that the program writes`, () =>
		using(name + ".html", {}, async (page) => {
			const ids = await page.evaluate(() => Array.from(document.querySelectorAll("table.rows"), (t) => t.id)
				.filter((id) => document.getElementById(id + "-filter")));
			const bodies = () => page.evaluate(() =>
				Array.from(document.querySelectorAll("table.rows tbody"), (b) => b.innerHTML.trim()));
			const before = await bodies();

			assert(ids.length > 0);
			for (const id of ids) {
				await setFilter(page, id, "zzz-no-such-thing");
				assert.strictEqual((await rowsOf(page, id)).length, 0);
				await setFilter(page, id, "");
			}
			assert.deepStrictEqual(await bodies(), before);
		}));

test("hostile: the findings are those of the JSON", () =>
	using("hostile.html", {}, async (page) => {
		const report = json("hostile.json");
		const rows = await rowsOf(page, "findings");
		const expected = report.findings.map((f) => JSON.stringify([f.level, f.waived ? "waived" : "counts",
			f.rule, report.modules[f.module].name, f.symbol || "", report.kernels[f.kernel].label, f.message].map(shown)));

		assert(expected.length >= 7);
		assert(new Set(report.findings.map((f) => f.level)).size >= 2);
		assert.deepStrictEqual(sorted(rows.map((r) => JSON.stringify(r.cells))), sorted(expected));
		for (const f of report.findings) {
			const row = rows.find((r) => r.cells[6] === shown(f.message));
			const details = new Map(row.details);

			assert.strictEqual(details.get("Why"), f.reason);
			assert.strictEqual(details.get("Fix"), shown(f.fix));
		}
		assert.match(new Map(rows.find((r) => r.cells[1] === "waived").details).get("Waived"),
			/^by "><img src=x onerror=alert\(1\)> until 2999-12-31: first <i>line<\/i>\nsecond line/);
	}));

test("hostile: verdicts, what was not checked and notices are those of the JSON", () =>
	using("hostile.html", {}, async (page) => {
		const report = json("hostile.json");
		const matrix = report.matrix.flatMap((m, at) => report.kernels.map((k, i) =>
			[report.modules[at].name, m[i]]));

		assert.deepStrictEqual(
			sorted((await rowsOf(page, "modules")).map((r) => JSON.stringify([r.cells[0], r.cells[2]]))),
			sorted(matrix.map((m) => JSON.stringify(m))));
		assert.deepStrictEqual(
			sorted((await rowsOf(page, "unchecked")).map((r) => JSON.stringify(r.cells.slice(1)))),
			sorted(report.unchecked.map((u) => JSON.stringify([report.modules[u.module].name, u.symbol, u.text]))));
		assert.deepStrictEqual(
			await page.locator("h2:has-text('Notices') + ul > li").allTextContents(), report.notices);
		assert.match(await page.locator("h1").textContent(), new RegExp(`${report.summary.errors} errors?`));
	}));

test("hostile: no name is markup", () =>
	using("hostile.html", {}, async (page) => {
		assert.strictEqual(await page.locator("img, i, table b, iframe, object, style ~ style").count(), 0);
		assert.strictEqual(await page.locator("script:not([type])").count(), 1);
		for (const attribute of ["style", "onclick", "onerror", "onload"])
			assert.strictEqual(await page.locator(`[${attribute}]`).count(), 0, attribute);
		assert(!/[\u202a-\u202e]/.test(await page.content()), "a bidirectional control is in the page");
	}));

test("findings: filter, choose, sort, follow a module, open", () =>
	using("hostile.html", {}, async (page) => {
		const all = (await rowsOf(page, "findings")).length;
		const column = async (c) => (await rowsOf(page, "findings")).map((r) => r.cells[c]);

		await setFilter(page, "findings", "WAIVED_gpl");
		assert.deepStrictEqual(await column(4), ["waived_gpl"]);
		assert.strictEqual(await status(page, "findings"), `1 of ${all} findings`);
		await setFilter(page, "findings", "=n 'plain_gpl'");
		assert.deepStrictEqual(await column(4), ["plain_gpl"]);
		await setFilter(page, "findings", "");
		await page.getByLabel("State").selectOption("waived");
		assert.deepStrictEqual(await column(1), ["waived"]);
		await page.getByLabel("State").selectOption("all");
		const head = page.locator("#findings thead button", { hasText: "Symbol" });
		await head.click();
		assert.deepStrictEqual(await column(4), sorted(await column(4)));
		assert.strictEqual(await page.locator("#findings th:has-text('Symbol')").getAttribute("aria-sort"), "ascending");
		await head.click();
		assert.deepStrictEqual(await column(4), sorted(await column(4)).reverse());
		await page.locator("#findings thead button", { hasText: "Level" }).click();
		const levels = await column(0);
		assert.deepStrictEqual(levels, sorted(levels)); // "error" before "warning"
		await page.locator("#modules a", { hasText: /^n$/ }).click();
		assert.deepStrictEqual(new Set(await column(3)), new Set(["n"]));
		await page.locator("#findings summary").first().click();
		assert(await page.locator("#findings dd").first().isVisible());
		const rule = await page.locator("#findings td a").first().textContent();
		await page.locator("#findings td a").first().click();
		assert(await page.locator(`#${rule} p`).first().isVisible());
	}));

test("findings: with the keyboard alone", () =>
	using("hostile.html", {}, async (page) => {
		const reach = async (selector) => {
			for (let i = 0; i < 200; i++) {
				await page.keyboard.press("Tab");
				if (await page.evaluate((s) => document.activeElement.matches(s), selector))
					return;
			}
			assert.fail("Tab does not reach " + selector);
		};

		await reach("#findings-filter");
		await page.keyboard.type("gpl-only");
		assert.strictEqual(await page.evaluate(() =>
			getComputedStyle(document.activeElement).outlineStyle), "solid", "the focus cannot be seen");
		await reach("#findings thead th:first-child button");
		await page.keyboard.press("Enter");
		assert.strictEqual(await page.locator("#findings th").first().getAttribute("aria-sort"), "ascending");
		await reach("#findings summary");
		await page.keyboard.press("Enter");
		assert(await page.locator("#findings dd").first().isVisible());
	}));

test("print: nothing to press, everything open", () =>
	using("hostile.html", {}, async (page) => {
		await page.emulateMedia({ media: "print", colorScheme: "dark" });
		assert.strictEqual(await page.locator(".tools:visible").count(), 0);
		for (const dd of await page.locator("#findings dd").all())
			assert((await dd.boundingBox()).height > 0, "a detail is not on paper");
		assert.strictEqual(await page.evaluate(() => getComputedStyle(document.body).color), "rgb(0, 0, 0)");
		assert.strictEqual(await page.evaluate(() => getComputedStyle(document.body).backgroundColor),
			"rgb(255, 255, 255)");
		await page.screenshot({ path: path.join(out, "hostile-print.png") });
		await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
		assert.strictEqual(await page.locator("details:not([open])").count(), 0);
		await page.evaluate(() => dispatchEvent(new Event("afterprint")));
		assert.strictEqual(await page.locator("details[open]").count(), 0);
		await page.pdf({ path: path.join(out, "hostile.pdf") });
	}));

test("diff -v: every change of the JSON, with the values of its axes", () =>
	using("diff-all.html", {}, async (page) => {
		const report = json("diff.json");
		const value = (f, key) => {
			const text = (side) => side[key] || "-";

			return f.old && f.new && text(f.old) !== text(f.new) ? `${text(f.old)} -> ${text(f.new)}`
				: text(f.new || f.old);
		};
		let classes = 0;

		await showAll(page, "symbols-0");
		const rows = await rowsOf(page, "symbols-0");
		assert(rows.length > 20000);
		assert.deepStrictEqual(sorted(rows.map((r) => r.cells.slice(0, 2).join("\t"))),
			sorted(report.changes.map((f) => f.symbol + "\t" +
				(f.fate === "behind-headers" ? f.fate : f.severity))));
		const byName = new Map(rows.map((r) => [r.cells[0], r]));
		for (const f of report.changes) {
			const row = byName.get(f.symbol);

			if (f.axes.includes("class")) {
				assert.strictEqual(row.cells[2], value(f, "class"));
				classes++;
			}
			if (f.axes.includes("owner"))
				assert.strictEqual(row.cells[5], value(f, "owner"));
		}
		assert(classes > 0);
	}));

test("diff: what only changed its CRC is left out, and counted", () =>
	using("diff.html", {}, async (page) => {
		const report = json("diff.json");
		const left = report.changes.filter((f) => f.severity === "crc").length;
		const said = await page.locator("p:has-text('Not listed')").textContent();

		assert(said.includes(left.toLocaleString("en-US")), said);
		assert.strictEqual(Number((await status(page, "symbols-0")).replace(/,/g, "").split(" ")[0]),
			report.changes.length - left);
		await setFilter(page, "symbols-0", "=follow_pfn");
		const [row] = await rowsOf(page, "symbols-0");
		assert.deepStrictEqual(row.cells.slice(0, 3), ["follow_pfn", "removed", "plain"]);
		assert.match(row.cells[6], /follow_pfnmap_start/);
	}));

test("stats: the table and the charts have the numbers of the JSON", () =>
	using("stats.html", {}, async (page) => {
		const { releases } = json("stats.json");
		const table = await page.evaluate(() => Array.from(document.querySelectorAll("#numbers tbody tr"), (tr) =>
			Array.from(tr.cells, (c) => c.textContent.replace(/,/g, ""))));
		const points = (id) => page.evaluate((chart) => Array.from(
			document.querySelectorAll(`svg[aria-labelledby^="${chart}-"] :not(svg) > title`),
			(t) => t.textContent), id);
		const waits = (r) => [r.first_used_after[0], r.first_used_after[1],
			r.first_used_after[2] + r.first_used_after[3], r.never];
		const flat = (r) => [r.plain, r.gpl, r.mixed, r.other, r.new_plain, r.new_gpl, r.new_other, r.removed,
			r.to_gpl, r.to_plain, r.unused, ...waits(r)];

		assert(releases.length === 12);
		assert.deepStrictEqual(table, releases.map((r) => [r.release, ...flat(r).map(String)]));
		assert.deepStrictEqual(sorted(await points("exports")), sorted(releases.flatMap((r) =>
			["plain", "gpl", "mixed", "other"].map((c) => `${r.release}: ${c} ${r[c]}`))));
		assert.deepStrictEqual(sorted(await points("reclassified")), sorted(releases.flatMap((r) =>
			[["plain to gpl, up", r.to_gpl], ["gpl to plain, down", r.to_plain]]
				.filter(([, n]) => n).map(([c, n]) => `${r.release}: ${c} ${n}`))));
		assert.deepStrictEqual(sorted(await points("waits")), sorted(releases.flatMap((r) =>
			["the next release", "the second", "later", "never"].map((c, i) => [c, waits(r)[i]])
				.filter(([, n]) => n).map(([c, n]) => `${r.release}: ${c} ${n}`))));
		assert((await points("reclassified")).length > 0 && (await points("waits")).length > 0);
	}));

test("stats: bars are as high as their numbers, and told apart without colors", () =>
	using("stats.html", {}, async (page) => {
		const bars = await page.evaluate(() => Array.from(
			document.querySelectorAll("svg[aria-labelledby^='waits-'] rect:has(title)"), (r) =>
				[Number(r.getAttribute("height")), Number(r.textContent.match(/(\d+)$/)[1]), r.getAttribute("fill")]));
		const unit = bars[0][0] / bars[0][1];

		for (const [height, value] of bars)
			assert(Math.abs(height - unit * value) < 0.2, `${height} for ${value}`);
		assert(new Set(bars.map((b) => b[2])).size > 1);
		const dashes = await page.evaluate(() => Array.from(document.querySelectorAll("path.line"),
			(p) => getComputedStyle(p).strokeDasharray));
		assert.strictEqual(new Set(dashes).size, dashes.length);
	}));

test("large: the findings are those of the JSON lines", () =>
	using("large.html", {}, async (page) => {
		const lines = fs.readFileSync(path.join(dir, "large.jsonl"), "utf8").trim().split("\n").map((l) => JSON.parse(l));
		const keys = new Map();

		for (const l of lines) {
			const key = [l.level, l.rule, l.module.name, l.symbol || "", l.message].join("\t");

			keys.set(key, [...(keys.get(key) || []), l.kernel.label]);
		}
		const expected = Array.from(keys, ([key, kernels]) => key + "\t" + kernels.join(", "));
		// all rows on one page would be too many: by the data that the script reads
		const rows = await page.evaluate(() => {
			const { strings, rows: list } = JSON.parse(document.getElementById("findings-data").textContent);
			const text = (row, i) => strings[i].replace(/[\u0001-\u0008]/g, (c) => strings[row[c.charCodeAt(0) - 1]]);

			return list.map((row) => [0, 1, 2, 3, 5, 4].map((c) => text(row, row[c])).join("\t"));
		});

		assert(lines.length > 100000);
		assert.deepStrictEqual(sorted(rows), sorted(expected));
		assert.match(await page.locator("h1").textContent(), /fails, [\d,]+ errors/);
		assert.match(await status(page, "modules"), /^4,000 modules, the first 100 are shown$/);
	}));

test(`large: the filter answers within ${FILTER_MS} ms`, () =>
	using("large.html", {}, async (page) => {
		const words = ["d", "dr", "driver_3", "driver_3_12", "kvm", "follow_pfn", "=driver_7_500", "gpl-only symbol",
			"vzalloc driver_1", "zzz", "ksa002 debian-7.2", ""];
		const times = await page.evaluate((list) => {
			const input = document.getElementById("findings-filter");

			// the least of several: what the script takes, not what else the machine does
			return list.map((value) => Math.min(...Array.from({ length: 7 }, () => {
				const from = performance.now();

				input.value = value;
				input.dispatchEvent(new Event("input"));
				document.body.offsetHeight; // the layout too
				return performance.now() - from;
			})));
		}, words);
		const order = times.slice().sort((a, b) => a - b);
		const median = order[order.length >> 1];
		const load = await page.evaluate(() => {
			const [n] = performance.getEntriesByType("navigation");

			return n.loadEventEnd - n.startTime;
		});

		console.log(`  filter: median ${median.toFixed(1)} ms, longest ${order[order.length - 1].toFixed(1)} ms; ` +
			`${await status(page, "findings")}; ` +
			`page loaded in ${load.toFixed(0)} ms`);
		assert(median <= FILTER_MS, `${median} ms`);
	}));

async function main() {
	let passed = 0, failed = 0;

	browser = await chromium.launch({ executablePath: process.env.CHROMIUM,
		args: process.getuid() === 0 ? ["--no-sandbox"] : [] });
	console.log("Chromium " + browser.version());
	for (const { name, run } of tests) {
		try {
			await run();
			passed++;
		} catch (e) {
			failed++;
			console.log(`FAILED: ${name}\n${String(e.message).slice(0, 2000)}`);
		}
	}
	await browser.close();
	console.log(`${passed} passed, ${failed} failed, 0 skipped`);
	process.exitCode = failed ? 1 : 0;
}

main().catch((e) => {
	console.log(e);
	console.log("0 passed, 1 failed, 0 skipped");
	process.exitCode = 1;
});
