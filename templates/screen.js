/* What the page does: numbers unfold, tables sort and filter, findings filter. Without it the page reads as on paper.
   All that comes from the data is set as text, never as markup. */
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("page-data").textContent);
  const words = data.words;
  const OPENED = 80; // steps that a click unfolds at once, and parts of one step that are shown at once
  const SHOWN = 30;

  const made = (tag, name, text) => {
    const element = document.createElement(tag);
    if (name) element.className = name;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const button = (name, text, act) => {
    const element = made("button", name, text);
    element.type = "button";
    element.addEventListener("click", act);
    return element;
  };
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (all, key) => (key in values ? values[key] : all));

  // --- a number unfolds down to its readings ---

  const line = (step) => {
    const quantity = data.quantities[step.quantity];
    const element = made("span", "step");
    const labels = step.labels ? `[${step.labels.join(", ")}]` : "";
    element.append(made("b", "", quantity.symbol + labels), ` = ${step.shown} ${quantity.unit || ""} `);
    if (quantity.name) element.append(made("span", "name", quantity.name));
    const equation = [quantity.equation, step.numbers].filter(Boolean).join(" = ");
    if (equation) element.append(made("span", "how", "= " + equation));
    if (step.place !== undefined) element.append(made("span", "where", data.places[step.place].text));
    return element;
  };

  // Opened from the top, a level at a time, as long as there is room.
  const tree = (root) => {
    const list = made("ul", "steps-down");
    const waiting = [];
    let left = OPENED;
    const add = (into, number, before) => {
      const step = data.steps[number];
      const item = made("li");
      if (step.parts || step.left_out) {
        const details = made("details");
        const summary = made("summary");
        summary.append(line(step));
        details.append(summary);
        let filledIn = false;
        const fill = () => {
          if (filledIn) return;
          filledIn = true;
          details.append(parts(step));
        };
        details.addEventListener("toggle", () => details.open && fill());
        waiting.push(() => {
          fill();
          details.open = true;
        });
        item.append(details);
      } else item.append(line(step));
      left -= 1;
      into.insertBefore(item, before || null);
    };
    const parts = (step) => {
      const below = made("ul");
      const all = step.parts || [];
      let next = 0;
      const more = made("li");
      const show = () => {
        all.slice(next, next + SHOWN).forEach((number) => add(below, number, more));
        next += SHOWN;
        if (next >= all.length) more.remove();
        else more.firstChild.textContent = filled(words.more, { count: all.length - next });
      };
      more.append(button("", "", show));
      below.append(more);
      show();
      if (step.left_out) below.append(made("li", "note", filled(words.left_out, { count: step.left_out })));
      return below;
    };
    add(list, root);
    while (waiting.length && left > 0) waiting.shift()();
    waiting.length = 0;
    return list;
  };

  const panels = new Map();
  const fold = (number) => {
    const panel = panels.get(number);
    if (!panel) return;
    panel.remove();
    panels.delete(number);
    number.setAttribute("aria-expanded", "false");
  };
  const unfold = (number) => {
    const host = number.closest("figure, .result, .beside");
    [...panels.keys()].filter((other) => other.closest("figure, .result, .beside") === host).forEach(fold);
    const panel = made("div", "trace");
    panel.setAttribute("role", "region");
    panel.setAttribute("aria-label", `${words.trace}: ${number.textContent}`);
    panel.tabIndex = -1;
    const back = () => {
      fold(number);
      number.focus();
    };
    panel.append(button("close", words.close, back), made("p", "what", `${words.trace}: ${number.textContent}`));
    panel.append(tree(Number(number.dataset.step)));
    panel.addEventListener("keydown", (event) => event.key === "Escape" && back());
    host.after(panel);
    panels.set(number, panel);
    number.setAttribute("aria-expanded", "true");
    panel.focus({ preventScroll: true });
    panel.scrollIntoView({ block: "nearest" });
  };
  document.querySelectorAll(".traced").forEach((number) => {
    number.setAttribute("role", "button");
    number.setAttribute("aria-expanded", "false");
    number.tabIndex = 0;
    number.title = words.trace;
    const turn = () => (panels.has(number) ? fold(number) : unfold(number));
    number.addEventListener("click", turn);
    number.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      turn();
    });
  });

  // --- tables sort and filter ---

  const separators = new Intl.NumberFormat(document.documentElement.lang).formatToParts(12345.6);
  const mark = (type) => separators.find((part) => part.type === type).value;
  const amount = (text) => {
    const plain = text.split(mark("group")).join("").replace(mark("decimal"), ".").replace("%", "").trim();
    return plain === "" || plain === "-" ? NaN : Number(plain);
  };
  const compare = (a, b, numeric) => {
    if (!numeric) return a.localeCompare(b, document.documentElement.lang, { numeric: true });
    return amount(a) - amount(b);
  };
  const blank = (text, numeric) => (numeric ? Number.isNaN(amount(text)) : text === "" || text === "-");

  const sortable = (table, rows) => {
    const heads = [...table.tHead.rows[0].cells];
    const body = table.tBodies[0];
    const total = body.querySelector("tr.total");
    heads.forEach((head, column) => {
      const turn = button("sort", undefined, () => {
        const order = { none: "ascending", ascending: "descending", descending: "none" };
        const next = order[head.getAttribute("aria-sort") || "none"];
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        if (next !== "none") head.setAttribute("aria-sort", next);
        const text = (row) => row.cells[column].textContent.trim();
        const numeric = head.classList.contains("number");
        const sign = next === "descending" ? -1 : 1;
        // What is no number stays at the end, whichever way the others are sorted.
        const sorted = next === "none" ? rows : [...rows].sort((a, b) => {
          const lacks = blank(text(a), numeric) - blank(text(b), numeric);
          return lacks || (blank(text(a), numeric) ? 0 : sign * compare(text(a), text(b), numeric));
        });
        sorted.forEach((row) => body.insertBefore(row, total));
      });
      turn.title = words.sort;
      turn.append(...head.childNodes);
      head.append(turn);
    });
  };

  const count = (text) => {
    const element = made("span", "count", text);
    element.setAttribute("role", "status");
    return element;
  };
  const filterable = (table, rows) => {
    const controls = made("div", "controls");
    const label = made("label", "", words.filter + " ");
    const field = made("input");
    field.type = "search";
    label.append(field);
    const told = count("");
    controls.append(label, told);
    table.parentElement.before(controls);
    const total = table.tBodies[0].querySelector("tr.total");
    field.addEventListener("input", () => {
      const wanted = field.value.trim().toLowerCase();
      const hit = (row) => row.textContent.toLowerCase().includes(wanted);
      rows.forEach((row) => row.classList.toggle("filtered", !hit(row)));
      const found = rows.filter(hit).length;
      // The total is that of all rows: it is not shown below some of them.
      if (total) total.classList.toggle("filtered", found < rows.length);
      told.textContent = wanted ? filled(words.rows, { shown: found, count: rows.length }) : "";
    });
  };
  document.querySelectorAll("main table.data").forEach((table) => {
    const rows = [...table.tBodies[0].rows].filter((row) => !row.classList.contains("total"));
    if (rows.length > 1) sortable(table, rows);
    if (rows.length > 5) filterable(table, rows);
  });

  // --- findings by severity and meter ---

  const findings = [...document.querySelectorAll(".finding")];
  const choice = (controls, text, options) => {
    const label = made("label", "", text + " ");
    const select = made("select");
    [["", words.all], ...options].forEach(([value, shown]) => {
      const option = made("option", "", shown);
      option.value = value;
      select.append(option);
    });
    label.append(select);
    controls.append(label);
    return select;
  };
  if (findings.length) {
    const groups = [...document.querySelectorAll("h3.severity")];
    const meters = new Set(findings.flatMap((finding) => JSON.parse(finding.dataset.meters)));
    const named = [...meters].sort((a, b) => compare(a, b, false)).map((meter) => [meter, meter]);
    const controls = made("div", "controls");
    const severity = choice(controls, words.severity, groups.map((head) => [head.dataset.severity, head.textContent]));
    const meter = choice(controls, words.meter, named);
    const told = count("");
    controls.append(told);
    groups[0].before(controls);
    const apply = () => {
      const hit = (finding) =>
        (!severity.value || finding.dataset.severity === severity.value) &&
        (!meter.value || JSON.parse(finding.dataset.meters).includes(meter.value));
      findings.forEach((finding) => finding.classList.toggle("filtered", !hit(finding)));
      const shown = findings.filter(hit);
      groups.forEach((head) =>
        head.classList.toggle("filtered", !shown.some((one) => one.dataset.severity === head.dataset.severity)));
      told.textContent = filled(words.findings_shown, { shown: shown.length, count: findings.length });
    };
    severity.addEventListener("change", apply);
    meter.addEventListener("change", apply);
  }
})();
