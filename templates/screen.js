/* What the page does: numbers unfold, tables sort, filter and turn over, findings filter, charts say their values, one
   meter is shown by itself. Without it the page reads as on paper. All that comes from the data is set as text, never
   as markup. */
(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("page-data").textContent);
  const words = data.words;
  const OPENED = 80; // steps that a click unfolds at once, and parts of one step that are shown at once
  const SHOWN = 30;
  const ROWS = 50; // rows of a table that are shown at once
  const HOSTS = "figure, .result, .beside, .finding";

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
  // As text is compared: whatever its capitals, accents and width, so that "dong ho" finds "Đồng hồ".
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("đ", "d");
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
    const host = number.closest(HOSTS);
    [...panels.keys()].filter((other) => other.closest(HOSTS) === host).forEach(fold);
    const panel = made("div", "trace");
    panel.setAttribute("role", "region");
    panel.setAttribute("aria-label", `${words.trace}: ${number.textContent}`);
    panel.tabIndex = 0; // it may scroll
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
  const unfolds = (number) => {
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
  };
  document.querySelectorAll(".traced").forEach(unfolds);

  // --- tables sort and filter ---

  const separators = new Intl.NumberFormat(document.documentElement.lang).formatToParts(12345.6);
  const mark = (type) => separators.find((part) => part.type === type).value;
  const amount = (text) => {
    const plain = text.split(mark("group")).join("").replace(mark("decimal"), ".").replace("%", "").trim();
    return plain === "" || plain === "-" ? NaN : Number(plain);
  };
  // A day as Viet Nam writes it, with its year in front: days are sorted by time.
  const dated = (text) => text.replace(/^(\d{1,2})\/(\d{1,2})\/(\d{4})/, "$3-$2-$1");
  const compare = (a, b, numeric) => {
    if (!numeric) return dated(a).localeCompare(dated(b), document.documentElement.lang, { numeric: true });
    return amount(a) - amount(b);
  };
  const blank = (text, numeric) => (numeric ? Number.isNaN(amount(text)) : text === "" || text === "-");

  const count = (text) => {
    const element = made("span", "count", text);
    element.setAttribute("role", "status");
    return element;
  };

  // What of a table is shown: its rows in an order, those that fit a filter, so many at once.
  const turned = [];
  const viewed = (table) => {
    const body = table.tBodies[0];
    const total = body.querySelector("tr.total");
    const rows = [...body.rows].filter((row) => row !== total);
    const more = button("more", "", () => {
      view.most += ROWS;
      view.draw();
    });
    table.parentElement.after(more);
    const view = { rows, order: rows, wanted: "", most: ROWS, found: rows.length };
    const place = (shown, whole) => body.replaceChildren(...shown, ...(total && whole ? [total] : []));
    view.draw = () => {
      const fits = view.order.filter((row) => plain(row.textContent).includes(view.wanted));
      view.found = fits.length;
      // The total is that of all rows: it is not shown below some of them.
      place(fits.slice(0, view.most), fits.length === rows.length);
      more.hidden = fits.length <= view.most;
      more.textContent = filled(words.more, { count: fits.length - view.most });
    };
    view.print = () => place(rows, true);
    view.draw();
    turned.push(view);
    return view;
  };
  window.addEventListener("beforeprint", () => turned.forEach((view) => view.print()));
  window.addEventListener("afterprint", () => turned.forEach((view) => view.draw()));

  const sortable = (table, view) => {
    const heads = [...table.tHead.rows[0].cells];
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
        view.order = next === "none" ? view.rows : [...view.rows].sort((a, b) => {
          const lacks = blank(text(a), numeric) - blank(text(b), numeric);
          return lacks || (blank(text(a), numeric) ? 0 : sign * compare(text(a), text(b), numeric));
        });
        view.draw();
      });
      turn.title = words.sort;
      turn.append(...head.childNodes);
      head.append(turn);
    });
  };

  const filterable = (table, view) => {
    const controls = made("div", "controls");
    const label = made("label", "", words.filter + " ");
    const field = made("input");
    field.type = "search";
    label.append(field);
    const told = count("");
    controls.append(label, told);
    table.parentElement.before(controls);
    field.addEventListener("input", () => {
      view.wanted = plain(field.value.trim());
      view.draw();
      told.textContent = view.wanted ? filled(words.rows, { shown: view.found, count: view.rows.length }) : "";
    });
  };
  const rowsOfMeters = [];
  document.querySelectorAll("main table.data").forEach((table) => {
    const around = table.parentElement;
    around.tabIndex = 0; // it scrolls where it is wider than the screen
    around.setAttribute("role", "group");
    around.setAttribute("aria-label", table.closest("figure").querySelector("figcaption").textContent);
    const heads = [...table.tHead.rows[0].cells].map((head) => head.cloneNode(true));
    const view = viewed(table);
    if (table.dataset.by === "meter") rowsOfMeters.push({ table, heads, rows: view.rows });
    if (view.rows.length > 1) sortable(table, view);
    if (view.rows.length > 5) filterable(table, view);
  });

  // What is wider than the screen scrolls there, by the keyboard too.
  document.querySelectorAll(".scroll, .formula, figure.drawing").forEach((around) => {
    if (around.tabIndex === 0 || around.scrollWidth <= around.clientWidth) return;
    const said = around.closest("figure, .equation").querySelector("figcaption, .what");
    around.tabIndex = 0;
    around.setAttribute("role", "group");
    around.setAttribute("aria-label", said.textContent);
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

  // --- charts say their values ---

  const lang = document.documentElement.lang;
  const amounts = new Intl.NumberFormat(lang, { maximumSignificantDigits: 9 });
  const stamp = (seconds, length) => new Date(seconds * 1000).toISOString().slice(0, length).replace("T", " ");
  const COLOURS = ["#1f4e79", "#c9882b"]; // dark and middle: told apart in grey too
  const BANDS = { gap: "#f3c6c0", overdue: "#f7e2b0" };

  // One chart: by the mouse or the arrow keys its values are said below it, for eyes and screen readers alike.
  const plotted = (host, title, unit, said, x, series, drawing) => {
    const plot = made("div", "plot");
    plot.tabIndex = 0;
    plot.setAttribute("role", "group");
    plot.setAttribute("aria-label", `${title}. ${words.arrows}`);
    const told = made("p", "legend", words.arrows);
    told.setAttribute("role", "status");
    host.append(plot);
    const tell = (chart) => {
      const at = chart.cursor.idx;
      if (at === null || at === undefined) return;
      const each = series.map((one) => {
        const value = one.values[at];
        return `${one.name ? one.name + " " : ""}${value === null ? "-" : `${amounts.format(value)} ${unit}`}`;
      });
      told.textContent = `${said(x[at])}: ${each.join("; ")}`;
    };
    const axis = { font: "12px sans-serif", stroke: "#333333", grid: { stroke: "#e1e4e8" } };
    // Two series stand side by side; bars that do not begin at zero are drawn by the one who knows from where to where.
    const bars = (n) => {
      if (drawing.over) return () => null;
      return uPlot.paths.bars(series.length > 1 ? { size: [0.35, 30], align: n ? 1 : -1 } : { size: [0.6, 60] });
    };
    const chart = new uPlot({
      width: Math.max(plot.clientWidth, 240),
      height: 240,
      legend: { show: false },
      cursor: { drag: { x: true, y: false } },
      scales: {
        x: { time: false, ...(drawing.range ? { range: drawing.range } : {}) },
        // A bar begins at zero: its length is its value.
        y: drawing.bars ? { range: (u, low, high) => {
          const ends = drawing.spans.length ? drawing.spans.flat() : [low, high];
          return [Math.min(0, ...ends) * 1.05, Math.max(0, ...ends) * 1.05 || 1];
        } } : {},
      },
      axes: [
        { ...axis, space: drawing.space, incrs: drawing.incrs, values: (u, splits) => splits.map((at) => onLines(drawing.label(at))) },
        { ...axis, size: 80, values: (u, splits) => splits.map((value) => amounts.format(value)) },
      ],
      series: [{}, ...series.map((one, n) => ({
        stroke: COLOURS[n % COLOURS.length],
        fill: drawing.bars ? COLOURS[n % COLOURS.length] : undefined,
        width: 1.5,
        paths: drawing.bars ? bars(n) : undefined,
        points: { show: !drawing.bars && x.length <= 60 },
      }))],
      hooks: { setCursor: [tell], drawClear: drawing.below ? [drawing.below] : [], draw: drawing.over ? [drawing.over] : [] },
    }, [x, ...series.map((one) => one.values)], plot);
    plot.append(told);
    if (series.length > 1) {
      const keys = made("p", "keys");
      series.forEach((one, n) => {
        const key = made("b");
        key.style.background = COLOURS[n % COLOURS.length];
        keys.append(key, one.name);
      });
      plot.append(keys);
    }
    plot.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const now = chart.cursor.idx ?? (step > 0 ? -1 : x.length);
      const next = Math.min(Math.max(now + step, 0), x.length - 1);
      const value = series[0].values[next];
      chart.setCursor({ left: chart.valToPos(x[next], "x"), top: value === null ? 0 : chart.valToPos(value, "y") });
    });
    new ResizeObserver(() => chart.setSize({ width: Math.max(plot.clientWidth, 240), height: 240 })).observe(plot);
    return plot;
  };

  // What stands is filled, what is taken off is an outline from where to where it reaches.
  const bridged = (chart, spans) => {
    const { ctx, bbox } = chart;
    const at = (value, axis) => chart.valToPos(value, axis, true);
    const half = Math.min(at(0.3, "x") - at(0, "x"), 60 * devicePixelRatio);
    ctx.fillStyle = ctx.strokeStyle = COLOURS[0];
    ctx.lineWidth = 2 * devicePixelRatio;
    spans.forEach(([from, to], n) => {
      const box = [at(n, "x") - half, at(Math.max(from, to), "y"), 2 * half, Math.abs(at(from, "y") - at(to, "y"))];
      if (from === 0) ctx.fillRect(...box);
      else ctx.strokeRect(...box);
      if (n + 1 === spans.length) return;
      ctx.fillRect(at(n, "x") + half, at(to, "y"), at(n + 1, "x") - at(n, "x") - 2 * half, devicePixelRatio);
    });
  };

  // A long name below an axis stands on two lines, parted at the space that is nearest to its middle.
  const onLines = (name) => {
    const middle = name.length / 2, spaces = [...name.matchAll(/ /g)].map((found) => found.index);
    if (name.length <= 12 || !spaces.length) return name;
    const at = spaces.reduce((best, one) => Math.abs(one - middle) < Math.abs(best - middle) ? one : best);
    return `${name.slice(0, at)}\n${name.slice(at + 1)}`;
  };

  document.querySelectorAll("figure.charted").forEach((figure, n) => {
    const { labels, series, unit, spans } = data.charts[n];
    const named = series.map(([name, values]) => ({ name, values }));
    const label = (at) => labels[at] ?? "";
    figure.classList.add("plotted");
    plotted(figure, figure.querySelector("figcaption").textContent, unit, label, labels.map((_, at) => at), named,
      { bars: true, label, space: spans.length ? 100 : 60, incrs: [1, 2, 3, 6, 12, 24], range: [-0.5, labels.length - 0.5],
        spans, over: spans.length ? (chart) => bridged(chart, spans) : undefined });
  });

  // --- one meter by itself ---

  const place = document.getElementById("meter-view");
  if (place && data.curves.length) {
    const controls = made("div", "controls");
    const label = made("label", "", words.choose + " ");
    const select = made("select");
    data.curves.forEach((curve) => select.append(made("option", "", curve.meter)));
    label.append(select);
    controls.append(label);
    const shown = made("div", "meter");
    place.append(controls, shown);

    const curveOf = (curve) => {
      const figure = made("figure");
      figure.append(made("figcaption", "", `${curve.meter}: ${words[curve.kind] || words.nothing_drawn}` +
        (curve.unit ? ` [${curve.unit}]` : "")));
      shown.append(figure);
      if (!curve.x || !curve.x.length) return;
      const below = (chart) => {
        const { ctx, bbox } = chart;
        const at = (seconds) => Math.min(Math.max(chart.valToPos(seconds, "x", true), bbox.left), bbox.left + bbox.width);
        curve.bands.forEach(([from, to, kind]) => {
          ctx.fillStyle = BANDS[kind];
          ctx.fillRect(at(from), bbox.top, Math.max(at(to) - at(from), 2), bbox.height);
        });
        ctx.fillStyle = "#5b3a8c";
        curve.marks.forEach((mark) => ctx.fillRect(at(mark) - 1, bbox.top, 2, bbox.height));
      };
      const plot = plotted(figure, figure.textContent, curve.unit, (at) => stamp(at, 16), curve.x,
        [{ name: "", values: curve.y }],
        { below, label: (at) => stamp(at, 10), space: 90, incrs: [1, 7, 14, 30, 61, 91, 182, 365].map((d) => d * 86400) });
      const keys = made("p", "keys");
      const kinds = new Set([...curve.bands.map((band) => band[2]), ...(curve.marks.length ? ["swap"] : [])]);
      kinds.forEach((kind) => keys.append(made("b", kind), words[kind]));
      plot.append(keys);
    };
    const tableOf = ({ table, heads, rows }, meter) => {
      const own = rows.filter((row) => row.cells[0].textContent === meter);
      if (!own.length) return;
      const figure = made("figure", "tabular");
      const around = made("div", "scroll");
      const copy = made("table", table.className);
      const head = copy.createTHead().insertRow();
      head.append(...heads.map((one) => one.cloneNode(true)));
      const body = copy.createTBody();
      own.forEach((row) => body.append(row.cloneNode(true)));
      body.querySelectorAll("button.to-meter").forEach((one) => one.replaceWith(one.textContent));
      body.querySelectorAll(".traced").forEach(unfolds);
      around.tabIndex = 0;
      around.setAttribute("role", "group");
      const caption = table.closest("figure").querySelector("figcaption").textContent;
      around.setAttribute("aria-label", caption);
      around.append(copy);
      figure.append(made("figcaption", "", caption), around);
      shown.append(figure);
    };
    const findingsOf = (meter) => {
      const own = findings.filter((finding) => JSON.parse(finding.dataset.meters).includes(meter));
      shown.append(made("h3", "", `${words.findings_of} (${own.length})`));
      own.forEach((finding) => {
        const copy = finding.cloneNode(true);
        copy.classList.remove("filtered");
        copy.querySelectorAll(".answer").forEach((row) => row.remove());
        copy.querySelectorAll(".traced").forEach(unfolds);
        shown.append(copy);
      });
    };
    const show = (meter) => {
      [...panels.keys()].filter((number) => shown.contains(number)).forEach(fold);
      select.value = meter;
      shown.replaceChildren();
      curveOf(data.curves.find((curve) => curve.meter === meter));
      rowsOfMeters.forEach((one) => tableOf(one, meter));
      findingsOf(meter);
    };
    select.addEventListener("change", () => show(select.value));
    const known = new Set(data.curves.map((curve) => curve.meter));
    rowsOfMeters.flatMap((one) => one.rows).forEach((row) => {
      const meter = row.cells[0].textContent;
      if (!known.has(meter)) return;
      const link = button("to-meter", meter, () => {
        show(meter);
        document.getElementById("meters").scrollIntoView();
        select.focus({ preventScroll: true });
      });
      row.cells[0].replaceChildren(link);
    });
    show(data.curves[0].meter);
  }
})();
