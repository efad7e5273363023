/* Draws the page from the data it carries. Scores, intervals, changes and shares come
   from the marts as they are shown: nothing here works one out. */
"use strict";

(() => {
  const DATA = JSON.parse(document.getElementById("data").textContent);
  const TOUCHPOINTS = DATA.touchpoints.map(([id, name, stage, kind], number) => ({
    id, number, kind, stage, name: name === null || !name.trim() ? id : name,
  }));
  const GRAINS = ["month", "quarter", "year"];
  const PERIODS = {};
  for (const grain of GRAINS) {
    PERIODS[grain] = DATA.periods[grain].map(([id, label, start, end, complete], number) => ({
      id, label, start, end, number, complete: Boolean(complete),
    }));
  }

  const METRICS = {
    nps: {
      name: "NPS", unit: "", points: "points", lowest: -100, highest: 100,
      parts: ["promoters", "passives", "detractors"],
      asks: "Net Promoter Score, from −100 to 100",
      caveat: "not every answer is on 0–10",
    },
    csat: {
      name: "CSAT", unit: "%", points: "points", lowest: 0, highest: 100,
      parts: ["satisfied", "neutral", "dissatisfied"],
      asks: "satisfied answers in percent", caveat: "several scales in one score",
    },
    ces: {
      name: "CES", unit: "%", points: "points", lowest: 0, highest: 100,
      parts: ["easy", "neutral", "difficult"],
      asks: "answers that say it was easy, in percent", caveat: "several scales in one score",
    },
  };
  const KINDS = { relationship: "the brand as a whole", transactional: "right after a moment" };

  // ---------------------------------------------------------------- numbers and words

  const isNumber = (value) => typeof value === "number";
  const score = (value) => (isNumber(value) ? value.toFixed(1).replace("-", "−") : "–");
  const signed = (value) =>
    value > 0 ? `+${score(value)}` : value < 0 ? score(value) : `±${score(value)}`;
  const count = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ",");
  const pValue = (value) => (value < 0.001 ? "p < 0.001" : `p = ${value.toFixed(3)}`);
  const plural = (number, one, many) => `${count(number)} ${number === 1 ? one : many}`;
  const answered = (number) => plural(number, "answer", "answers");
  const unit = (metric) => (METRICS[metric].unit ? ` ${METRICS[metric].unit}` : "");
  // A period's label is not to be broken at its hyphen at the end of a line.
  const whole = (text) => (typeof text === "string" ? text.replace(/(\d)-(?=[QW\d])/g, "$1-\u2060") : text);
  const sentenceList = (words) =>
    words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;

  // ---------------------------------------------------------------- elements

  const SVG = "http://www.w3.org/2000/svg";

  function fill(element, attributes, children) {
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name === "text") element.textContent = value;
      else if (name === "on") for (const [type, act] of Object.entries(value)) element.addEventListener(type, act);
      else if (name === "css") for (const [key, set] of Object.entries(value)) element.style.setProperty(key, set);
      else element.setAttribute(name, value === true ? "" : value);
    }
    for (const child of children.flat(3)) {
      if (child !== null && child !== undefined && child !== false) element.append(child);
    }
    return element;
  }
  const h = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
  const s = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);
  // A name is in whatever script its owner writes, and turns nothing around it.
  const named = (text, attributes) => h("bdi", { ...attributes, text });

  // ---------------------------------------------------------------- what is shown

  const state = { grain: "quarter", touchpoint: -1, period: -1, metric: null, moved: null, fall: "touchpoint", colour: "usual" };

  /** The scores of a touchpoint or a pool, by the number of the period. */
  function series(metric, member) {
    const packed = (DATA.scores[metric][member] || {})[state.grain] || {};
    const rows = new Map();
    for (const [number, values] of Object.entries(packed)) {
      const row = {};
      DATA.fields.forEach((field, at) => { row[field] = values[at] === undefined ? null : values[at]; });
      rows.set(Number(number), row);
    }
    return rows;
  }

  /** The scores that the cards and trends show: of the touchpoint, or of the pools. */
  function shownSeries() {
    const shown = [];
    for (const metric of Object.keys(METRICS)) {
      const members = state.touchpoint >= 0
        ? [String(state.touchpoint)]
        : Object.keys(DATA.scores[metric]).filter((member) => !/^\d+$/.test(member)).sort();
      for (const member of members) {
        if (!DATA.scores[metric][member]) continue;
        const kind = metric !== "nps" ? "" : state.touchpoint >= 0 ? TOUCHPOINTS[state.touchpoint].kind : member;
        shown.push({ metric, member, kind, rows: series(metric, member) });
      }
    }
    return shown;
  }

  const metricsPresent = () => Object.keys(METRICS).filter((metric) => Object.keys(DATA.scores[metric]).length);
  const periods = () => PERIODS[state.grain];
  const period = () => periods()[state.period];
  const periodBefore = () => periods()[state.period - 1];
  const labelBefore = () => (periodBefore() ? periodBefore().label : "the period before");

  /** The touchpoints that ask for a metric, or have a score of it. */
  function journey(metric) {
    const asked = new Set(DATA.questions.filter((question) => question[3] === metric).map((question) => question[4]));
    return TOUCHPOINTS.filter(({ number }) => asked.has(number) || DATA.scores[metric][String(number)]);
  }

  function latest(grain) {
    const complete = PERIODS[grain].filter((each) => each.complete);
    return complete.length ? complete[complete.length - 1].number : PERIODS[grain].length - 1;
  }

  function readHash() {
    const asked = new URLSearchParams(location.hash.slice(1));
    const first = ["quarter", "month", "year"].find((grain) => PERIODS[grain].some((each) => each.complete));
    state.grain = GRAINS.includes(asked.get("grain")) ? asked.get("grain") : first || "month";
    const chosen = TOUCHPOINTS.find(({ id }) => id === asked.get("touchpoint"));
    state.touchpoint = chosen ? chosen.number : -1;
    const at = periods().find(({ label }) => label === asked.get("period"));
    state.period = at ? at.number : latest(state.grain);
    const metrics = metricsPresent();
    state.metric = metrics.includes(asked.get("metric")) ? asked.get("metric") : metrics.includes("csat") ? "csat" : metrics[0];
    state.moved = asked.get("moved");
    state.fall = asked.get("fall") === "channel" ? "channel" : "touchpoint";
    state.colour = asked.get("colour") === "level" ? "level" : "usual";
  }

  function change(changes) {
    Object.assign(state, changes);
    if (changes.grain) state.period = latest(state.grain);
    const kept = new URLSearchParams();
    kept.set("grain", state.grain);
    if (state.touchpoint >= 0) kept.set("touchpoint", TOUCHPOINTS[state.touchpoint].id);
    if (period() && state.period !== latest(state.grain)) kept.set("period", period().label);
    if (state.metric) kept.set("metric", state.metric);
    if (state.moved) kept.set("moved", state.moved);
    if (state.fall !== "touchpoint") kept.set("fall", state.fall);
    if (state.colour !== "usual") kept.set("colour", state.colour);
    // A page in a mail's preview may have no address that could be changed.
    try { history.replaceState(null, "", `#${kept}`); } catch { /* the switches work all the same */ }
    render();
    // For who listens instead of looking.
    document.getElementById("status").textContent = `${document.querySelector(".eyebrow").textContent}. ${document.getElementById("headline").textContent}`;
  }

  // ---------------------------------------------------------------- words about a score

  function wasCompared(row) { return row && isNumber(row.change); }

  /** The scales on which a touchpoint's answers of a period are, as one text. */
  function scalesOf(metric, touchpoint, number) {
    return DATA.questions
      .filter((question, at) => question[3] === metric && question[4] === touchpoint && ((DATA.answers[at] || {})[state.grain] || {})[number])
      .map((question) => question[5]).sort().filter((scale, at, all) => scale !== all[at - 1]).join("\n");
  }

  /** Whether a touchpoint's score and the one some periods before are on other scales. */
  function isBlurred(one, number = state.period, back = 1) {
    if (!/^\d+$/.test(one.member) || !one.rows.has(number) || !one.rows.has(number - back)) return false;
    const touchpoint = Number(one.member);
    return scalesOf(one.metric, touchpoint, number) !== scalesOf(one.metric, touchpoint, number - back);
  }

  function seriesName(one) {
    const name = METRICS[one.metric].name;
    const pools = Object.keys(DATA.scores.nps).filter((member) => !/^\d+$/.test(member));
    return one.metric === "nps" && state.touchpoint < 0 && pools.length > 1 ? `${one.kind} NPS` : name;
  }

  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

  function summary(one, row, at) {
    if (!row) return `${at.label}: nobody answered`;
    const words = [`${at.label}: ${METRICS[one.metric].name} ${score(row.score)}${unit(one.metric)}`];
    if (isNumber(row.low)) words.push(`interval ${score(row.low)} to ${score(row.high)}`);
    words.push(answered(row.n));
    if (wasCompared(row)) {
      words.push(`${signed(row.change)} on the period before, ${isBlurred(one, at.number) ? "but on another scale" : row.real ? "a real change" : "within chance"}`);
    }
    if (!row.reportable) words.push("few answers");
    if (row.caveat) words.push(METRICS[one.metric].caveat);
    if (!at.complete) words.push("still running");
    return words.join("; ");
  }

  // ---------------------------------------------------------------- the opening

  function opening(shown) {
    const at = period();
    const before = periodBefore();
    const rank = (one) => (one.kind === "relationship" ? 0 : { nps: 1, csat: 2, ces: 3 }[one.metric]);
    const withScore = shown.filter((one) => one.rows.has(state.period)).sort((a, b) => rank(a) - rank(b));
    const where = state.touchpoint >= 0 ? TOUCHPOINTS[state.touchpoint] : null;
    const title = h("h1", { id: "headline" });
    const story = h("p", { class: "story", id: "story" });
    const eyebrow = h("p", { class: "eyebrow clamp" },
      `${capital(state.grain)} ${at.label}, ${at.start} to ${at.end}`,
      at.complete ? ", complete" : ", still running", " · ",
      where ? named(where.name) : "all touchpoints");
    if (!withScore.length) {
      title.append(`Nobody answered in ${at.label}`);
      return h("div", { class: "opening" }, eyebrow, title);
    }
    // The story is the first score that really moved; without one, the first score.
    const first = withScore[0];
    const hasMoved = (one) => {
      const row = one.rows.get(state.period);
      return Boolean(wasCompared(row) && row.real && row.reportable && !isBlurred(one));
    };
    const main = withScore.find(hasMoved) || first;
    const row = main.rows.get(state.period);
    const words = (one) => `${score(one.rows.get(state.period).score)}${unit(one.metric)}`;
    const name = capital(seriesName(main));
    const real = hasMoved(main);
    if (real) {
      title.append(`${name} ${row.change > 0 ? "rose" : "fell"} to ${words(main)} in ${whole(at.label)}`);
      if (main !== first && wasCompared(first.rows.get(state.period)) && !isBlurred(first)) title.append(`, ${seriesName(first)} held at ${words(first)}`);
    } else {
      title.append(`${name} is ${words(main)} in ${whole(at.label)}`, !row.reportable ? `, from ${answered(row.n)}`
        : !wasCompared(row) ? "" : isBlurred(main) ? ", on another scale" : ", no real change");
    }
    const sentences = [];
    if (wasCompared(row)) {
      const direction = row.change > 0 ? "up" : row.change < 0 ? "down" : "unchanged";
      const size = row.change === 0 ? "" : ` ${score(Math.abs(row.change))} points`;
      sentences.push([
        `${main === first ? "It" : name} is ${direction}${size} on ${labelBefore()}`,
        isBlurred(main)
          ? ", but on another scale: the two do not compare."
          : `, ${real ? "more than chance explains" : "which chance explains"} (${pValue(row.p)}, ${answered(row.n)}).`,
      ]);
    } else if (before && main.rows.has(state.period - 1)) {
      sentences.push([`In ${before.label} it was ${score(main.rows.get(state.period - 1).score)}${unit(main.metric)}.`]);
    }
    if (!row.reportable) sentences.push(["These are too few answers to report a score from."]);
    const others = withScore.filter((one) => one !== main && wasCompared(one.rows.get(state.period)));
    const moved = others.filter(hasMoved);
    const still = others.filter((one) => !moved.includes(one));
    for (const one of moved) {
      const other = one.rows.get(state.period);
      sentences.push([`${capital(seriesName(one))} ${other.change > 0 ? "rose" : "fell"} by ${score(Math.abs(other.change))} to ${words(one)}.`]);
    }
    if (still.length) {
      const values = still.map((one) => `${seriesName(one)} (${words(one)})`);
      sentences.push([capital(sentenceList(values)), ` ${still.length > 1 ? "show" : "shows"} no ${moved.length || real ? "such" : "real"} change.`]);
    }
    if (!where) {
      const hint = fallSentence(at);
      if (hint) sentences.push(hint);
      sentences.push(...touchpointSentence());
    }
    story.append(...sentences.flatMap((words) => [...words.map(whole), " "]));
    return h("div", { class: "opening" }, eyebrow, title, story);
  }

  /** Which touchpoints moved for real, in each metric that several ask for. */
  function touchpointSentence() {
    const sentences = [];
    const still = [];
    for (const metric of ["csat", "ces", "nps"]) {
      const compared = journey(metric)
        .map((touchpoint) => {
          const one = { metric, member: String(touchpoint.number), rows: series(metric, String(touchpoint.number)) };
          return { touchpoint, row: one.rows.get(state.period), blurred: isBlurred(one) };
        })
        .filter(({ row }) => wasCompared(row));
      if (compared.length < 3) continue;
      const moved = compared.filter(({ row, blurred }) => row.real && row.reportable && !blurred)
        .sort((a, b) => Math.abs(b.row.change) - Math.abs(a.row.change));
      if (!moved.length) still.push(`None of ${compared.length} touchpoints moved more than chance does in ${METRICS[metric].name}.`);
      else {
        const shown = moved.slice(0, 3).map(({ touchpoint, row }) => [named(touchpoint.name, { class: "brief", title: touchpoint.name }), ` (${signed(row.change)})`]);
        const words = [`Of ${compared.length} touchpoints, ${moved.length === 1 ? "one" : moved.length} moved for real in ${METRICS[metric].name}: `];
        shown.forEach((pair, at) => {
          if (at) words.push(at === shown.length - 1 && moved.length <= 3 ? " and " : ", ");
          words.push(...pair);
        });
        words.push(moved.length > 3 ? " and others." : ".");
        sentences.push(words);
      }
    }
    return sentences.length ? sentences : still.slice(0, 1).map((text) => [text]);
  }

  // ---------------------------------------------------------------- cards

  function changeLine(value, p, real, before, blurred, detectable) {
    const kind = value > 0 ? "up" : value < 0 ? "down" : "still";
    const verdict = blurred ? "another scale: not comparable" : real ? "real change" : "within chance";
    const isReal = real && !blurred;
    // Only what is more than chance has a sign: a reader who glances sees just that.
    const sign = isReal ? (value < 0 ? "▼ " : "▲ ") : "";
    return h("p", { class: "change" },
      h("b", { class: isReal ? kind : "still" }, `${sign}${signed(value)}`), whole(` on ${before}`),
      h("span", { class: "small" }, h("br"), isReal ? h("b", { class: kind, text: verdict }) : verdict, `, ${pValue(p)}`,
        isNumber(detectable) ? [h("br"), `a change of ${score(detectable)} would have shown`] : null));
  }

  function card(one) {
    const { name, parts, asks, caveat } = METRICS[one.metric];
    const row = one.rows.get(state.period);
    const title = h("h3", {}, capital(seriesName(one)),
      h("span", { class: "kind" }, one.kind ? KINDS[one.kind] || one.kind : asks.replace(/ in percent|,.*/g, "")));
    const box = h("article", { class: "card", "data-card": `${one.metric}|${one.member}` }, title);
    if (!row) {
      box.append(h("p", { class: "score none", text: "no answers" }), h("p", { class: "facts", text: `Nobody answered in ${period().label}.` }));
      return box;
    }
    box.append(h("p", { class: "score" }, h("span", { "data-score": "", text: score(row.score) }),
      METRICS[one.metric].unit ? h("span", { class: "unit", text: METRICS[one.metric].unit }) : null));
    box.append(h("p", { class: "facts" },
      isNumber(row.low) ? ["interval ", h("b", { "data-interval": "", text: `${score(row.low)} to ${score(row.high)}` }), " · "] : null,
      h("span", { "data-n": "", text: answered(row.n) }), row.reportable ? null : [" ", fewMark()]));
    if (row.caveat) box.append(h("p", { class: "small", text: capital(caveat) }));
    if (wasCompared(row)) {
      box.append(changeLine(row.change, row.p, row.real, labelBefore(), isBlurred(one), row.detectable));
      if (isNumber(row.yearChange) && state.grain !== "year") {
        box.append(changeLine(row.yearChange, row.yearP, row.yearReal, "a year before", isBlurred(one, state.period, { month: 12, quarter: 4 }[state.grain]), null));
      }
    } else if (periodBefore() && !one.rows.has(state.period - 1)) {
      box.append(h("p", { class: "change small", text: `Nobody answered in ${periodBefore().label}: nothing to compare with.` }));
    } else if (!periodBefore()) {
      box.append(h("p", { class: "change small", text: "The first period: nothing to compare with." }));
    }
    const values = [row.good, row.neutral, row.bad];
    box.append(h("div", { class: "parts" },
      h("div", { class: "stack", "aria-hidden": "true" }, values.map((value, at) =>
        value ? h("span", { class: ["good", "neutral", "bad"][at], css: { flex: `${value} 0 0` } }) : null)),
      h("ul", {}, values.map((value, at) => h("li", {},
        h("i", { class: `key ${["good", "neutral", "bad"][at]}` }), `${count(value)} ${parts[at]}`)))));
    return box;
  }

  const fewMark = () => h("span", { class: "few", title: "Fewer answers than a score is reported from", text: "few answers" });

  // ---------------------------------------------------------------- trends

  function ticks(low, high, about) {
    const rough = (high - low) / about || 1;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough);
    const list = [];
    for (let at = Math.floor(low / step) * step; at < high + step * 0.999; at += step) list.push(Math.round(at * 1e6) / 1e6);
    return list;
  }

  /** The ends of a vertical axis on which all the rows have room. */
  function domain(metric, all) {
    const values = all.flatMap((rows) => [...rows.values()].flatMap((row) => [row.score, row.low, row.high])).filter(isNumber);
    if (!values.length) return [METRICS[metric].lowest, METRICS[metric].highest];
    let [low, high] = [Math.min(...values), Math.max(...values)];
    const room = Math.max(4, (high - low) * 0.08);
    low = Math.max(METRICS[metric].lowest, low - room);
    high = Math.min(METRICS[metric].highest, high + room);
    const list = ticks(low, high, 8);
    return [Math.max(METRICS[metric].lowest, list[0]), Math.min(METRICS[metric].highest, list[list.length - 1])];
  }

  /** Runs of periods in which somebody answered. */
  function runs(rows) {
    const found = [];
    for (const number of [...rows.keys()].sort((a, b) => a - b)) {
      const last = found[found.length - 1];
      if (last && last[last.length - 1] === number - 1) last.push(number);
      else found.push([number]);
    }
    return found;
  }

  /** Band, line and dots of one score over the periods. */
  function marks(one, x, y, size) {
    const group = s("g", {});
    const list = periods();
    for (const run of runs(one.rows)) {
      const known = run.filter((number) => isNumber(one.rows.get(number).low));
      if (known.length > 1) {
        const upper = known.map((number) => `${x(number)},${y(one.rows.get(number).high)}`);
        const lower = known.map((number) => `${x(number)},${y(one.rows.get(number).low)}`).reverse();
        group.append(s("polygon", { class: "band", points: [...upper, ...lower].join(" ") }));
      } else if (known.length) {
        const row = one.rows.get(known[0]);
        group.append(s("line", { class: "whisker", x1: x(known[0]), x2: x(known[0]), y1: y(row.low), y2: y(row.high) }));
      }
    }
    for (const run of runs(one.rows)) {
      const point = (number) => `${x(number)},${y(one.rows.get(number).score)}`;
      const done = run.filter((number) => list[number].complete);
      if (done.length > 1) group.append(s("polyline", { class: "line", points: done.map(point).join(" ") }));
      const running = run.filter((number) => !list[number].complete);
      if (running.length && (done.length || running.length > 1)) {
        group.append(s("polyline", { class: "line running", points: [...done.slice(-1), ...running].map(point).join(" ") }));
      }
    }
    for (const [number, row] of one.rows) {
      const [cx, cy] = [x(number), y(row.score)];
      const hollow = row.reportable && list[number].complete ? "" : " hollow";
      if (wasCompared(row) && row.real && !isBlurred(one, number)) {
        const [d, way] = [size * 1.7, row.change > 0 ? -1 : 1];
        group.append(s("path", {
          class: `dot${way > 0 ? " fell" : ""}${hollow}`,
          d: `M${cx - d},${cy - way * d * 0.8}h${2 * d}L${cx},${cy + way * d}z`,
        }));
      } else if (size > 2.5 || hollow || !(one.rows.has(number - 1) || one.rows.has(number + 1))) {
        // Many small dots would only make the line look dotted.
        group.append(s("circle", { class: `dot${hollow}`, cx, cy, r: hollow ? size * 0.9 : size }));
      }
    }
    return group;
  }

  /** About how wide a text of digits is in a chart, with some air. */
  const textWidth = (text) => text.length * 6.9 + 7;

  /** Where a text stands that is centred, unless it would leave the chart. */
  function within(x, width, text) {
    const half = textWidth(text) / 2 - 3;
    if (x + half > width) return { x: width, "text-anchor": "end" };
    return x < half ? { x: 0, "text-anchor": "start" } : { x, "text-anchor": "middle" };
  }

  function trend(one, width, onPaper) {
    const list = periods();
    const [left, right, top, plot, gap, stack] = [40, 10, 20, onPaper ? 92 : 170, onPaper ? 10 : 14, onPaper ? 28 : 46];
    const band = (width - left - right) / list.length;
    const x = (number) => Math.round((left + band * (number + 0.5)) * 10) / 10;
    const [low, high] = domain(one.metric, [one.rows]);
    const y = (value) => Math.round((top + plot - ((value - low) / (high - low)) * plot) * 10) / 10;
    const bottom = top + plot + gap + stack;
    const height = bottom + 38;
    const svg = s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": trendText(one) });
    if (one.rows.has(state.period) || list[state.period]) {
      svg.append(s("rect", { class: "now", x: left + band * state.period, y: top - 14, width: band, height: bottom - top + 50 }));
    }
    for (const tick of ticks(low, high, 4)) {
      if (tick < low || tick > high) continue;
      svg.append(
        s("line", { class: tick === 0 ? "axis zero" : "axis", x1: left, x2: width - right, y1: Math.round(y(tick)), y2: Math.round(y(tick)) }),
        s("text", { x: left - 7, y: y(tick) + 4, "text-anchor": "end", text: String(tick).replace("-", "−") }));
    }
    for (const number of one.rows.keys()) {
      if (!isBlurred(one, number)) continue;
      const at = Math.round(left + band * number);
      svg.append(s("line", { class: "break", x1: at, x2: at, y1: top - 6, y2: bottom }));
    }
    svg.append(marks(one, x, y, 4));
    // Labels of values where they have room; always that of the shown period.
    const roomy = band >= Math.max(...[...one.rows.values()].map((row) => textWidth(score(row.score))));
    for (const [number, row] of one.rows) {
      if (!roomy && number !== state.period) continue;
      const above = y(row.score) - 11;
      svg.append(s("text", { class: "value", y: Math.max(12, above), ...within(x(number), width, score(row.score)), text: score(row.score) }));
    }
    // What the score is made of.
    for (const [number, row] of one.rows) {
      let from = top + plot + gap + stack;
      [["bad", row.bad], ["neutral", row.neutral], ["good", row.good]].forEach(([name, value]) => {
        const tall = (stack * value) / row.n;
        from -= tall;
        if (tall) svg.append(s("rect", { class: name, x: x(number) - Math.min(17, band * 0.36), y: from, width: Math.min(34, band * 0.72), height: tall }));
      });
    }
    svg.append(s("text", { x: left - 7, y: top + plot + gap + 10, "text-anchor": "end", text: "100 %" }),
      s("text", { x: left - 7, y: bottom, "text-anchor": "end", text: "0" }));
    const answersText = (at) => `n ${count(one.rows.has(at.number) ? one.rows.get(at.number).n : 0)}`;
    const widest = Math.max(...list.map((at) => Math.max(textWidth(at.label), textWidth(answersText(at)))));
    const every = Math.max(1, Math.ceil(widest / band));
    list.forEach((at) => {
      if ((list.length - 1 - at.number) % every) return;
      svg.append(s("text", { y: bottom + 17, ...within(x(at.number), width, at.label), text: at.label }),
        s("text", { y: bottom + 32, ...within(x(at.number), width, answersText(at)), text: answersText(at) }));
    });
    list.forEach((at) => svg.append(s("rect", {
      class: "hit", x: left + band * at.number, y: 0, width: band, height,
      on: { click: () => change({ period: at.number }) },
    }, s("title", { text: summary(one, one.rows.get(at.number), at) }))));
    return svg;
  }

  function trendText(one) {
    const numbers = [...one.rows.keys()].sort((a, b) => a - b);
    if (!numbers.length) return `${capital(seriesName(one))}: nobody answered.`;
    const list = periods();
    const ends = [numbers[0], numbers[numbers.length - 1]].map((number) =>
      `${score(one.rows.get(number).score)}${unit(one.metric)} in ${list[number].label}`);
    const real = numbers.filter((number) => one.rows.get(number).real && !isBlurred(one, number)).map((number) =>
      `${signed(one.rows.get(number).change)} in ${list[number].label}`);
    const missing = list.length - numbers.length;
    return `${capital(seriesName(one))} by ${state.grain}: ${ends[0]}${numbers.length > 1 ? `, ${ends[1]}` : ""}. ` +
      `Real changes: ${real.join(", ") || "none"}.` +
      (missing ? ` ${plural(missing, "period", "periods")} without answers.` : "") + " The data are in the table below.";
  }

  /** A table that is written when it is opened. */
  function dataTable(title, head, body) {
    const box = h("details", { "data-table": title }, h("summary", { text: `Data: ${title}` }));
    const write = () => {
      if (box.lastChild.tagName === "DIV") return;
      box.append(h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `Data: ${title}` },
        table(title, head, body())));
    };
    box.addEventListener("toggle", () => { if (box.open) write(); });
    return box;
  }

  /** Columns whose names begin with a star hold text. */
  function table(title, head, rows) {
    const isText = head.map((name) => name.startsWith("*"));
    return h("table", {},
      h("caption", { class: "visually-hidden", text: title }),
      h("thead", {}, h("tr", {}, head.map((name, at) => h("th", { scope: "col", class: isText[at] ? "text" : null, text: name.replace("*", "") })))),
      h("tbody", {}, rows.map((cells) => h("tr", {}, cells.map((cell, at) => at === 0
        ? h("th", { scope: "row" }, isText[0] && typeof cell === "string" ? named(cell) : cell)
        : h("td", { class: isText[at] ? "text" : null }, isText[at] && typeof cell === "string" ? named(cell) : cell))))));
  }

  function scoreHead(metric, first) {
    const { name, parts } = METRICS[metric];
    return [...first, "answers", name, "interval", "change", "p", "*verdict", ...parts, "*remarks"];
  }

  function scoreCells(one, row, number) {
    if (!row) return ["0", "–", "–", "–", "–", "nobody answered", "–", "–", "–", ""];
    const remarks = [];
    if (!row.reportable) remarks.push("few answers");
    if (row.caveat) remarks.push(METRICS[one.metric].caveat);
    if (!periods()[number].complete) remarks.push("still running");
    return [
      count(row.n), score(row.score), isNumber(row.low) ? `${score(row.low)} to ${score(row.high)}` : "–",
      isNumber(row.change) ? signed(row.change) : "–", isNumber(row.p) ? pValue(row.p).replace("p = ", "").replace("p ", "") : "–",
      !wasCompared(row) ? "not compared" : isBlurred(one, number) ? "on another scale" : row.real ? "real change" : "within chance",
      count(row.good), count(row.neutral), count(row.bad), remarks.join(", "),
    ];
  }

  function legend(entries) {
    return h("ul", { class: "legend" }, entries.map(([drawing, text]) => h("li", {}, drawing, text)));
  }
  const sample = (...children) => s("svg", { viewBox: "0 0 22 14", "aria-hidden": "true" }, children);

  function trendLegend(shown) {
    const rows = shown.flatMap((one) => [...one.rows.values()]);
    const entries = [[sample(s("line", { class: "line", x1: 1, x2: 21, y1: 7, y2: 7 }), s("circle", { class: "dot", cx: 11, cy: 7, r: 4 })), "score"]];
    if (rows.some((row) => isNumber(row.low))) entries.push([sample(s("rect", { class: "band", x: 1, y: 2, width: 20, height: 10 })), "interval"]);
    if (rows.some((row) => isNumber(row.change))) {
      entries.push([sample(s("path", { class: "dot", d: "M4,12h14L11,2z" })), "real rise"],
        [sample(s("path", { class: "dot fell", d: "M4,2h14L11,12z" })), "real fall"]);
    }
    entries.push([sample(s("circle", { class: "dot hollow", cx: 11, cy: 7, r: 4 })), "few answers, or still running"]);
    if (shown.some((one) => [...one.rows.keys()].some((number) => isBlurred(one, number)))) {
      entries.push([sample(s("line", { class: "break", x1: 11, x2: 11, y1: 0, y2: 14 })), "another scale from here on"]);
    }
    entries.push([h("i", { class: "key good" }), "promoters, satisfied, easy"], [h("i", { class: "key neutral" }), "in between"],
      [h("i", { class: "key bad" }), "detractors, dissatisfied, difficult"]);
    return legend(entries);
  }

  function section(id, title, lead, ...children) {
    return h("section", { id, "aria-labelledby": `${id}-title` },
      h("div", { class: "head" }, h("div", {}, h("h2", { id: `${id}-title`, text: title }), lead ? h("p", { class: "lead" }, [lead].flat().map(whole)) : null)),
      children);
  }

  /** A chart that is drawn when its place has a width. */
  const later = [];
  function plot(draw, printed) {
    const box = h("div", { class: "plot" });
    later.push([box, draw, printed]);
    return box;
  }

  function trends(shown) {
    const { grain } = state;
    const older = DATA.hidden[grain] ? ` The newest ${periods().length} ${grain}s are shown, ${count(DATA.hidden[grain])} older ones are in the warehouse.` : "";
    return section("trend", "How the scores moved",
      ["Above, the score; below, what it is made of. Where the line breaks nobody answered.", older],
      trendLegend(shown),
      h("div", { class: "charts" }, shown.map((one) => {
        const title = `${capital(seriesName(one))} by ${grain}`;
        return h("figure", { class: "chart", "data-trend": `${one.metric}|${one.member}` },
          h("figcaption", {}, h("strong", { text: capital(seriesName(one)) }), h("span", { class: "small" }, ` ${METRICS[one.metric].asks}`)),
          plot((width, onPaper) => trend(one, width, onPaper), 343),
          dataTable(title, scoreHead(one.metric, [capital(grain)]),
            () => periods().map((at) => [at.label, ...scoreCells(one, one.rows.get(at.number), at.number)])));
      })));
  }

  // ---------------------------------------------------------------- along the journey

  function segments(name, label, options, chosen, act, disabled = []) {
    return h("fieldset", { class: "onscreen" }, h("legend", { class: "visually-hidden", text: label }),
      h("div", { class: "segments" }, options.map(([value, text]) => h("label", {},
        h("input", {
          type: "radio", name, value, checked: value === chosen, disabled: disabled.includes(value),
          on: { change: () => act(value) },
        }), h("span", { text })))));
  }

  function multiple(one, touchpoint, limits, width) {
    const list = periods();
    const [left, right, top, plotHeight] = [30, 8, 8, 74];
    const band = (width - left - right) / list.length;
    const x = (number) => Math.round((left + band * (number + 0.5)) * 10) / 10;
    const y = (value) => Math.round((top + plotHeight - ((value - limits[0]) / (limits[1] - limits[0])) * plotHeight) * 10) / 10;
    const height = top + plotHeight + 20;
    const svg = s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": `${touchpoint.name}. ${trendText(one)}` });
    svg.append(s("rect", { class: "now", x: left + band * state.period, y: 0, width: band, height: top + plotHeight + 4 }));
    for (const tick of limits) {
      svg.append(s("line", { class: "axis", x1: left, x2: width - right, y1: Math.round(y(tick)), y2: Math.round(y(tick)) }),
        s("text", { x: left - 5, y: y(tick) + 4, "text-anchor": "end", text: String(tick).replace("-", "−") }));
    }
    if (limits[0] < 0 && limits[1] > 0) svg.append(s("line", { class: "axis zero", x1: left, x2: width - right, y1: Math.round(y(0)), y2: Math.round(y(0)) }));
    svg.append(marks(one, x, y, list.length > 14 ? 2.2 : 3));
    svg.append(s("text", { x: left, y: height - 4, text: list[0].label }));
    if (list.length > 1) svg.append(s("text", { x: width - right, y: height - 4, "text-anchor": "end", text: list[list.length - 1].label }));
    list.forEach((at) => svg.append(s("rect", {
      class: "hit", x: left + band * at.number, y: 0, width: band, height,
      on: { click: () => change({ period: at.number }) },
    }, s("title", { text: summary(one, one.rows.get(at.number), at) }))));
    return svg;
  }

  function multiples(metric, all) {
    const limits = domain(metric, all.map(({ one }) => one.rows));
    return h("div", { class: "multiples" }, all.map(({ touchpoint, one }) => {
      const row = one.rows.get(state.period);
      const compared = wasCompared(row);
      const blurred = isBlurred(one);
      const kind = compared && row.real && !blurred ? (row.change > 0 ? "up" : "down") : "still";
      return h("article", { class: touchpoint.number === state.touchpoint ? "multiple chosen" : "multiple" },
        h("p", { class: "stage clamp" }, touchpoint.stage ? named(touchpoint.stage) : "\u00a0"),
        h("h3", {}, h("button", {
          type: "button", title: "Show this touchpoint alone", class: "clamp",
          on: { click: () => { change({ touchpoint: touchpoint.number }); scrollTo(0, 0); } },
        }, named(touchpoint.name))),
        h("p", { class: "facts" }, row
          ? [h("b", { text: `${score(row.score)}${unit(metric)}` }), ` · n ${count(row.n)}`,
            compared ? [" · ", h("span", { class: kind, text: `${kind === "up" ? "▲ " : kind === "down" ? "▼ " : ""}${signed(row.change)}` }),
              blurred ? " on another scale" : row.real ? h("span", { class: kind, text: " real" }) : " within chance"] : null,
            row.reportable ? null : [" ", fewMark()]]
          : `nobody answered in ${period().label}`),
        plot((width) => multiple(one, touchpoint, limits, width), 223));
    }));
  }

  const RAMP = ["#f0a35e", "#f6c393", "#fbe0c8", "#ffffff", "#d9e8f5", "#b0d0ea", "#86b7de"];

  function median(values) {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted.length % 2 ? sorted[(sorted.length - 1) / 2] : (sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]) / 2;
  }

  /** Which of seven colours a cell has; colours say where to look, the number what is. */
  function colouring(all) {
    const usual = new Map();
    const reported = (rows) => {
      const trusted = [...rows.values()].filter((row) => row.reportable);
      return (trusted.length ? trusted : [...rows.values()]).map((row) => row.score);
    };
    const byUsual = state.colour === "usual";
    const everything = all.flatMap(({ one }) => reported(one.rows));
    if (!everything.length) return { shade: () => null, ends: null };
    for (const { one } of all) {
      const values = reported(one.rows);
      usual.set(one, byUsual ? (values.length ? median(values) : 0) : (Math.min(...everything) + Math.max(...everything)) / 2);
    }
    const span = Math.max(byUsual ? 10 : 1, ...all.flatMap(({ one }) => reported(one.rows).map((value) => Math.abs(value - usual.get(one)))));
    const middle = all.length ? usual.get(all[0].one) : 0;
    return {
      shade: (one, value) => RAMP[Math.max(0, Math.min(6, Math.round(((value - usual.get(one)) / span) * 3) + 3))],
      ends: byUsual ? [`${Math.round(span)} below`, "its usual score", `${Math.round(span)} above`]
        : [Math.round(middle - span), Math.round(middle), Math.round(middle + span)].map((value) => String(value).replace("-", "−")),
    };
  }

  function heatMap(metric, all) {
    const list = periods();
    const { shade, ends } = colouring(all);
    const printed = list.length - 12;
    const old = (number) => (number < printed ? "old" : "");
    const rows = all.map(({ touchpoint, one }) => h("tr", {},
      h("th", { scope: "row" }, named(touchpoint.name, { class: "clamp", title: touchpoint.name })),
      list.map((at) => {
        const row = one.rows.get(at.number);
        if (!row) return h("td", { class: `void ${old(at.number)}`, title: summary(one, row, at) }, "–", h("small", { text: "n 0" }));
        const real = wasCompared(row) && row.real && !isBlurred(one, at.number);
        return h("td", {
          class: `${row.reportable ? "" : "thin"} ${old(at.number)}`, title: summary(one, row, at),
          css: { background: shade(one, row.score) }, "data-cell": `${metric}|${touchpoint.id}|${at.id}`,
        }, h("span", { text: score(row.score) }), real ? h("span", { class: row.change > 0 ? "up" : "down", text: row.change > 0 ? " ▲" : " ▼" }) : null,
        h("small", { text: `n ${count(row.n)}` }));
      })));
    const scroller = h("div", { class: "scroll heatmap", tabindex: "0", role: "region", "aria-label": `${METRICS[metric].name} by touchpoint and ${state.grain}` },
      h("table", { class: "heat" },
        h("caption", { class: "visually-hidden", text: `${METRICS[metric].name} with the number of answers, by touchpoint and ${state.grain}` }),
        h("thead", {}, h("tr", {}, h("th", { scope: "col", text: "Touchpoint" }), list.map((at) =>
          h("th", { scope: "col", class: `${at.number === state.period ? "picked" : ""} ${old(at.number)}`, text: at.complete ? at.label : `${at.label} *` })))),
        h("tbody", {}, rows)));
    later.push([scroller, () => { scroller.scrollLeft = scroller.scrollWidth; }, 0]);
    return h("div", {},
      h("p", { class: "small" }, ends ? [`Colour: ${ends[0]}`, h("span", { class: "ramp", "aria-hidden": "true" }, RAMP.map((colour) => h("i", { css: { background: colour } }))),
        `${ends[2]}${state.colour === "usual" ? ` ${ends[1]} (the median of the periods shown)` : ""}. `] : null,
        "▲▼ real change; dashed frame: few answers", list.some((at) => !at.complete) ? "; * still running" : "", "."),
      scroller);
  }

  function journeySection() {
    const metric = state.metric;
    if (!metric) return null;
    const all = journey(metric).map((touchpoint) => {
      const member = String(touchpoint.number);
      return { touchpoint, one: { metric, member, kind: metric === "nps" ? touchpoint.kind : "", rows: series(metric, member) } };
    });
    const scales = new Set(DATA.questions.filter((question) => question[3] === metric).map((question) => question[5]));
    const lead = `${METRICS[metric].name} at ${plural(all.length, "touchpoint", "touchpoints")}, in the order of the journey.` +
      (scales.size > 1 ? " They ask on different scales: compare each with itself over time rather than with its neighbours." : "");
    const made = section("journey", "Along the journey", lead);
    const options = metricsPresent().map((each) => [each, METRICS[each].name]);
    if (options.length > 1) made.firstChild.append(segments("metric", "Which score", options, metric, (value) => change({ metric: value })));
    const head = scoreHead(metric, ["*Touchpoint", capital(state.grain)]);
    made.append(multiples(metric, all),
      dataTable(`${METRICS[metric].name} by touchpoint and ${state.grain}`, head, () => all.flatMap(({ touchpoint, one }) =>
        periods().map((at) => [touchpoint.name, at.label, ...scoreCells(one, one.rows.get(at.number), at.number)]))),
      h("div", { class: "head", id: "heat" }, h("div", {}, h("h3", { class: "title", text: `Every touchpoint, every ${state.grain}` })),
        segments("colour", "What colours tell", [["usual", "against its own usual"], ["level", "level"]], state.colour, (value) => change({ colour: value }))),
      heatMap(metric, all));
    return made;
  }

  // ---------------------------------------------------------------- what moved a score

  const DIMENSIONS = { touchpoint: "touchpoint", channel: "channel", segment: "segment" };
  const points = (value) => {
    const text = Math.abs(value).toFixed(2);
    return `${value > 0 ? "+" : value < 0 ? "−" : "±"}${text}`;
  };

  function memberName(dimension, member) {
    if (dimension === "touchpoint" && member !== null) return TOUCHPOINTS[member].name;
    return member === null || !member.trim() ? `(no ${dimension})` : member;
  }

  /** A bar to the left or the right of the middle, in percent of the half. */
  function bar(parts, largest) {
    const ends = { right: 50, left: 50 };
    const rects = parts.filter(([value]) => value).map(([value, name]) => {
      const wide = (Math.abs(value) / largest) * 48;
      const from = value > 0 ? ends.right : ends.left - wide;
      if (value > 0) ends.right += wide; else ends.left -= wide;
      return s("rect", { class: `${name} ${value < 0 ? "minus" : "plus"}`, x: `${from}%`, y: 2, width: `${wide}%`, height: 14 });
    });
    return s("svg", { class: "bar-row", height: 18, "aria-hidden": "true" },
      s("line", { class: "axis zero", x1: "50%", x2: "50%", y1: 0, y2: 18 }), rects);
  }

  function movedKeys() {
    return Object.keys(METRICS).flatMap((metric) => Object.keys(DATA.moved).filter((key) => key.startsWith(`${metric}|`)).sort());
  }

  function movedName(key) {
    const [metric, pool] = key.split("|");
    const pools = movedKeys().filter((other) => other.startsWith(`${metric}|`));
    return metric === "nps" && pools.length > 1 ? `${pool} NPS` : METRICS[metric].name;
  }

  function movedSection() {
    const keys = movedKeys();
    if (!keys.length) return null;
    const split = (key, dimension) => ((DATA.moved[key][dimension] || {})[state.grain] || {})[state.period];
    const [askedKey, askedBy] = (state.moved || "").split("/");
    // Unless somebody asks: the first score that moved for real, else the first.
    const moved = (key) => {
      const [metric, pool] = key.split("|");
      const row = series(metric, pool).get(state.period);
      return row && row.real;
    };
    const key = keys.includes(askedKey) ? askedKey : keys.find(moved) || keys[0];
    const dimensions = Object.keys(DIMENSIONS).filter((dimension) => DATA.moved[key][dimension]);
    const tells = (dimension) => (split(key, dimension) || []).length > 2;
    const by = dimensions.includes(askedBy) ? askedBy
      : tells("touchpoint") ? "touchpoint" : ["segment", "channel"].find((dimension) => dimensions.includes(dimension) && tells(dimension)) || dimensions[0];
    const [metric] = key.split("|");
    const found = split(key, by);
    const name = movedName(key);
    const at = period();
    const made = section("moved", "What moved the score", found
      ? [`${capital(name)} ${found[0] > 0 ? "rose" : found[0] < 0 ? "fell" : "moved"} by ${Math.abs(found[0]).toFixed(2)} points from ${labelBefore()} to ${at.label}. `,
        `The contributions of the ${DIMENSIONS[by]}s add up to exactly that.`]
      : `There is nothing to compare ${at.label} with.`);
    const act = (chosen) => change({ moved: chosen });
    made.firstChild.append(h("div", { class: "choices" },
      keys.length > 1 ? segments("moved", "Which score", keys.map((each) => [each, capital(movedName(each))]), key, (value) => act(`${value}/`)) : null,
      dimensions.length > 1 ? segments("by", "Split by", dimensions.map((each) => [each, `by ${each}`]), by, (value) => act(`${key}/${value}`)) : null));
    if (!found) return made;
    const rows = found.slice(1);
    const largest = Math.max(0.01, ...rows.map((row) => Math.max(Math.abs(row[8]), Math.abs(row[6]) + (Math.sign(row[6]) === Math.sign(row[7]) ? Math.abs(row[7]) : 0), Math.abs(row[7]))));
    const label = (row) => (row[1] ? `${count(row[1])} others together` : memberName(by, row[0]));
    made.append(
      legend([[h("i", { class: "key good" }), h("i", { class: "key bad" }), "its own score moved"], [h("i", { class: "key mix-up" }), h("i", { class: "key mix-down" }), "its share of the answers moved"]]
        .map(([up, down, text]) => [h("span", {}, up, down), text])),
      h("ul", { class: "bars" }, rows.map((row) => h("li", { "data-effect": "" },
        h("div", { class: "who" }, named(label(row), { class: "clamp" }), h("small", {},
          `n ${count(row[2])} → ${count(row[3])}`, isNumber(row[4]) || isNumber(row[5]) ? ` · ${METRICS[metric].name} ${score(row[4])} → ${score(row[5])}` : "")),
        bar([[row[6], "rate"], [row[7], "mix"]], largest),
        h("b", { class: "total", text: points(row[8]) })))),
      h("p", { class: "sum" }, `Together ${points(found[0])} points`),
      dataTable(`What moved ${name}, by ${by}`,
        [`*${capital(by)}`, "answers before", "answers", `${METRICS[metric].name} before`, METRICS[metric].name, "own score moved", "share moved", "contribution"],
        () => rows.map((row) => [label(row), count(row[2]), count(row[3]), score(row[4]), score(row[5]), points(row[6]), points(row[7]), points(row[8])])));
    return made;
  }

  // ---------------------------------------------------------------- where CSAT fell when NPS fell

  /** The fall to look at: that of the period, else the newest real one before, else any. */
  function fallToShow() {
    const falls = DATA.falls[state.grain] || {};
    const numbers = Object.keys(falls).map(Number).filter((number) => number <= state.period).sort((a, b) => b - a);
    const chosen = numbers.find((number) => number === state.period);
    const real = numbers.find((number) => falls[number][2]);
    const number = chosen !== undefined ? chosen : real !== undefined ? real : numbers[0];
    if (number === undefined) return null;
    const [nps, moved, isReal, rows] = falls[number];
    const names = ["lag", "csatPeriod", "dimension", "member", "before", "n", "scoreBefore", "score", "change", "p", "isNamed", "isNewScale",
      "pairs", "satisfied", "satisfiedNps", "dissatisfied", "dissatisfiedNps", "gap", "correlation"];
    return {
      at: periods()[number], nps, moved, isReal: Boolean(isReal),
      rows: rows.map((values) => Object.fromEntries(names.map((name, index) => [name, values[index] === undefined ? null : values[index]]))),
    };
  }

  const namedOf = (fall, lag) => fall.rows.filter((row) => row.lag === lag && row.dimension === "touchpoint" && row.isNamed);

  /** For the opening: which touchpoint's CSAT had fallen when the NPS fell. */
  function fallSentence(at) {
    const fall = fallToShow();
    if (!fall || fall.at !== at || !fall.isReal) return null;
    for (const lag of [1, 0]) {
      const [first] = namedOf(fall, lag);
      if (first) {
        return [`${lag ? `A ${state.grain} before` : "With it"}, CSAT at `, named(TOUCHPOINTS[first.member].name, { class: "brief" }),
          ` ${lag ? "had fallen" : "fell"} by ${score(Math.abs(first.change))} to ${score(first.score)} %.`];
      }
    }
    return null;
  }

  function fallSection() {
    const fall = fallToShow();
    if (!fall) return null;
    const SHOWN = 12;
    const by = fall.rows.some((row) => row.dimension === "channel") && state.fall === "channel" ? "channel" : "touchpoint";
    const made = section("fall", `Where CSAT fell when NPS fell`,
      [`Relationship NPS fell by ${score(Math.abs(fall.moved))} to ${score(fall.nps)} in ${fall.at.label}, ${fall.isReal ? "a real change" : "within chance"}. `,
        "Customers meet a broken touchpoint before they are asked about the brand: look at the period before, too."]);
    if (fall.rows.some((row) => row.dimension === "channel")) {
      made.firstChild.append(segments("fall", "Where to look", [["touchpoint", "touchpoints"], ["channel", "channels"]], by, (value) => change({ fall: value })));
    }
    const largest = Math.max(1, ...fall.rows.filter((row) => row.dimension === by).map((row) => Math.abs(row.change)));
    made.append(h("div", { class: "two" }, [1, 0].map((lag) => {
      const rows = fall.rows.filter((row) => row.lag === lag && row.dimension === by);
      const stood = rows.filter((row) => row.isNamed);
      const label = rows.length ? rows[0].csatPeriod : "";
      return h("div", { "data-lag": String(lag) }, h("h3", { class: "title" }, lag ? `In the ${state.grain} before${label ? `, ${label}` : ""}` : `In the same ${state.grain}, ${fall.at.label}`),
        h("p", { class: "small" }, !rows.length ? "No CSAT answers to compare."
          : stood.length ? ["CSAT fell by more than chance: ", stood.slice(0, 3).map((row, at) => [at ? ", " : "", named(memberName(by, row.member), { class: "brief" })]), stood.length > 3 ? " and others." : "."]
            : `CSAT fell at no ${by} by more than chance.`),
        h("ul", { class: "bars" }, rows.slice(0, SHOWN).map((row) => h("li", { class: row.isNamed ? "named" : null },
          h("div", { class: "who" }, named(memberName(by, row.member), { class: "clamp" }),
            h("small", {}, `n ${count(row.before)} → ${count(row.n)} · ${score(row.scoreBefore)} → ${score(row.score)} %${row.isNewScale ? " · another scale" : ""}`)),
          bar([[row.change, row.isNamed || row.change > 0 ? "rate" : "mix"]], largest),
          h("b", { class: "total", text: signed(row.change) })))),
        rows.length > SHOWN ? h("p", { class: "small", text: `${count(rows.length - SHOWN)} more in the table.` }) : null);
    })));
    const pairs = fall.rows.filter((row) => row.lag === 0 && row.dimension === "touchpoint" && row.pairs);
    const paired = pairs.length ? pairs : fall.rows.filter((row) => row.lag === 1 && row.dimension === "touchpoint" && row.pairs);
    const sorted = [...paired].sort((a, b) => b.pairs - a.pairs);
    if (sorted.length) {
      const place = (value) => `${((value + 100) / 200) * 96 + 2}%`;
      const dot = (value, number, name) => (isNumber(value)
        ? s("circle", { class: `${name}${number < 30 ? " hollow" : ""}`, cx: place(value), cy: 9, r: 6 }) : null);
      made.append(h("div", { class: "pairs" }, h("h3", { class: "title", text: `The same customers: their NPS in ${fall.at.label}, by how satisfied they had been` }),
        legend([[sample(s("circle", { class: "bad", cx: 11, cy: 7, r: 6 })), "dissatisfied with the touchpoint"], [sample(s("circle", { class: "good", cx: 11, cy: 7, r: 6 })), "satisfied"],
          [sample(s("circle", { class: "good hollow", cx: 11, cy: 7, r: 5 })), "fewer than 30 answers"]]),
        h("ul", { class: "bars" }, sorted.slice(0, SHOWN).map((row) => h("li", {},
          h("div", { class: "who" }, named(memberName("touchpoint", row.member), { class: "clamp" }),
            h("small", {}, `${plural(row.pairs, "customer", "customers")} answered both`)),
          s("svg", { class: "bar-row", height: 18, "aria-hidden": "true" },
            s("line", { class: "axis", x1: "2%", x2: "98%", y1: 9, y2: 9 }), s("line", { class: "axis zero", x1: "50%", x2: "50%", y1: 0, y2: 18 }),
            isNumber(row.gap) ? s("line", { class: "span", x1: place(row.dissatisfiedNps), x2: place(row.satisfiedNps), y1: 9, y2: 9 }) : null,
            dot(row.dissatisfiedNps, row.dissatisfied, "bad"), dot(row.satisfiedNps, row.satisfied, "good")),
          h("small", { class: "total" }, h("i", { class: "key bad" }), `${score(row.dissatisfiedNps)} (n ${count(row.dissatisfied)}) `,
            h("i", { class: "key good" }), `${score(row.satisfiedNps)} (n ${count(row.satisfied)})`))))));
    }
    made.append(dataTable(`CSAT when NPS fell in ${fall.at.label}`,
      ["*Touchpoint or channel", "CSAT in", "answers before", "answers", "CSAT before", "CSAT", "change", "p", "*verdict", "answered both", "satisfied", "their NPS", "dissatisfied", "their NPS", "gap", "correlation"],
      () => fall.rows.map((row) => [memberName(row.dimension, row.member), row.csatPeriod, count(row.before), count(row.n), score(row.scoreBefore), score(row.score), signed(row.change),
        isNumber(row.p) ? pValue(row.p).replace("p = ", "").replace("p ", "") : "–", row.isNewScale ? "another scale" : row.isNamed ? "fell" : "not more than chance",
        ...[row.pairs, row.satisfied].map((value) => (isNumber(value) ? count(value) : "–")), score(row.satisfiedNps), isNumber(row.dissatisfied) ? count(row.dissatisfied) : "–", score(row.dissatisfiedNps),
        score(row.gap), isNumber(row.correlation) ? row.correlation.toFixed(2).replace("-", "−") : "–"])));
    return made;
  }

  // ---------------------------------------------------------------- answers

  function distribution(question, packed, width) {
    const [, , , metric, , , , lowest, highest] = question;
    const found = new Map();
    for (let at = 0; at < packed.length; at += 3) found.set(packed[at], [packed[at + 1], packed[at + 2]]);
    const points = [];
    for (let at = lowest; at <= highest && points.length < 101; at += 1) points.push(at);
    const [top, tall] = [18, 84];
    const band = width / points.length;
    const most = Math.max(...[...found.values()].map(([, share]) => share));
    const text = points.map((point) => `${point}: ${found.has(point) ? `${count(found.get(point)[0])} (${score(found.get(point)[1])} %)` : 0}`).join(", ");
    const svg = s("svg", { viewBox: `0 0 ${width} ${top + tall + 22}`, width, height: top + tall + 22, role: "img", "aria-label": `Answers per point of the scale. ${text}` });
    svg.append(s("line", { class: "axis zero", x1: 0, x2: width, y1: top + tall, y2: top + tall }));
    const every = Math.max(1, Math.ceil(24 / band));
    points.forEach((point, at) => {
      const [number, share] = found.get(point) || [0, 0];
      const height = most ? (tall * share) / most : 0;
      const part = metric !== "nps" ? "single" : point >= 9 ? "good" : point >= 7 ? "neutral" : "bad";
      const centre = band * (at + 0.5);
      svg.append(s("rect", { class: part, x: centre - Math.min(20, band * 0.38), width: Math.min(40, band * 0.76), y: top + tall - height, height },
        s("title", { text: `${point}: ${answered(number)}, ${score(share)} %` })));
      if (at % every === 0) svg.append(s("text", { x: centre, y: top + tall + 16, "text-anchor": "middle", text: String(point).replace("-", "−") }));
      if (number && band >= 24) svg.append(s("text", { class: "value", x: centre, y: top + tall - height - 5, "text-anchor": "middle", text: band >= 38 ? score(share) : share.toFixed(0) }));
    });
    return svg;
  }

  function answersSection() {
    const at = period();
    const shown = DATA.questions.map((question, number) => ({ question, number }))
      .filter(({ question }) => state.touchpoint < 0 || question[4] === state.touchpoint);
    if (!shown.length) return null;
    const packed = ({ number }) => ((DATA.answers[number] || {})[state.grain] || {})[state.period];
    const given = shown.filter((each) => packed(each));
    const silent = shown.length - given.length;
    return section("answers", "What was answered",
      `Every point of the scale, in percent of the answers in ${at.label}.` + (silent ? ` ${plural(silent, "question", "questions")} without an answer then.` : ""),
      h("div", { class: "answers" }, given.map((each) => {
        const [source, survey, id, metric, touchpoint, scale, text] = each.question;
        const cells = packed(each);
        let total = 0;
        for (let index = 1; index < cells.length; index += 3) total += cells[index];
        return h("figure", { class: "chart" },
          h("figcaption", {}, h("strong", { class: "clamp" }, named(text || id)),
            h("span", { class: "small" }, `${METRICS[metric].name} · `, named(TOUCHPOINTS[touchpoint].name), ` · scale `, named(scale), ` · ${answered(total)}`)),
          plot((width) => distribution(each.question, cells, width), 223));
      })),
      dataTable(`Answers in ${at.label}`, ["*Question", "*Touchpoint", "*Score of", "*Source", "*Scale", "Point", "Answers", "Percent"],
        () => given.flatMap((each) => {
          const [source, survey, id, metric, touchpoint, scale, text] = each.question;
          const cells = packed(each);
          const lines = [];
          for (let index = 0; index < cells.length; index += 3) {
            lines.push([text || id, TOUCHPOINTS[touchpoint].name, METRICS[metric].name, `${source} / ${survey} / ${id}`, scale,
              String(cells[index]).replace("-", "−"), count(cells[index + 1]), score(cells[index + 2])]);
          }
          return lines;
        })));
  }

  // ---------------------------------------------------------------- data quality

  const REASONS = {
    missing_id: "an id is missing", missing_timestamp: "no time of the answer", unreadable_timestamp: "the time cannot be read",
    future_timestamp: "from the future", unknown_question: "a question that is not defined", excluded_response: "response excluded by you",
    not_a_real_response: "preview, test or spam", duplicate: "exported twice", superseded: "replaced by a later version",
    blank: "left blank", not_applicable: "not applicable", incomplete_response: "response not finished",
    unknown_label: "a word that is not on the scale", not_a_whole_number: "no whole number", off_scale: "off the scale", bad_weight: "weight cannot be used",
  };
  const reasonText = (reason) => REASONS[reason] || reason.replaceAll("_", " ");

  function qualitySection() {
    const { rows: [read, accepted, skipped, rejected], reasons, sources, questions, erased } = DATA.quality;
    const figures = [["Rows read", read], ["Accepted", accepted], ["Skipped: nothing was answered", skipped], ["Rejected", rejected]];
    if (erased) figures.push(["Rows of erased customers", erased]);
    // A handful of rows says nothing about a question, unless there is nothing else.
    const lost = questions.filter((question) => question[3] === question[6] && (question[3] >= 10 || !accepted));
    const name = (text) => (text === null ? "(none)" : text.trim() ? text : "(empty)");
    return section("quality", "How good the data are", "Every row of the feed is counted once: accepted, skipped or rejected for a reason.",
      h("dl", { class: "figures" }, figures.map(([label, value]) => h("div", {}, h("dt", { text: label }), h("dd", { text: count(value) })))),
      read ? h("div", { class: "stackbar", role: "img", "aria-label": `${count(accepted)} accepted, ${count(skipped)} skipped, ${count(rejected)} rejected of ${count(read)} rows` },
        [[accepted, "good"], [skipped, "neutral"], [rejected, "bad"]].map(([value, part]) => (value ? h("span", { class: part, css: { flex: `${value} 0 0` } }) : null))) : null,
      legend([[h("i", { class: "key good" }), "accepted"], [h("i", { class: "key neutral" }), "skipped"], [h("i", { class: "key bad" }), "rejected"]]),
      lost.length ? h("p", { class: "notice" }, `Every row was rejected of ${plural(lost.length, "question", "questions")}: `,
        lost.slice(0, 5).map((question, at) => [at ? "; " : "", named(question.slice(0, 3).map(name).join(" / ")), ` (${plural(question[3], "row", "rows")}, ${reasonText(question[7])})`]),
        lost.length > 5 ? " and others." : ".") : null,
      h("div", { class: "two uneven" },
        h("div", {}, h("h3", { class: "title", text: "Why rows do not count" }),
          reasons.length ? h("div", { class: "scroll" }, table("Rows that do not count, by reason", ["*Reason", "*Status", "Rows"],
            reasons.map(([reason, isSkipped, number]) => [reasonText(reason), isSkipped ? "skipped" : "rejected", count(number)])))
            : h("p", { class: "facts", text: "Every row counts." })),
        h("div", {}, h("h3", { class: "title", text: "How new each source is" }),
          h("div", { class: "scroll" }, table("Rows and newest answer by source", ["*Source", "Newest answer", "Behind", "Read", "Accepted", "Skipped", "Rejected"],
            sources.map(([source, ...values]) => [name(source), values[4] || "–", values[5] === null ? "–" : values[5] === 0 ? "newest" : plural(values[5], "day", "days"),
              ...values.slice(0, 4).map(count)]))))),
      dataTable("rows of every question", ["*Question", "*Survey", "*Source", "Read", "Accepted", "Skipped", "Rejected", "*Commonest reason"],
        () => questions.map(([source, survey, id, ...values]) => [name(id), name(survey), name(source), ...values.slice(0, 4).map(count), values[4] ? reasonText(values[4]) : ""])));
  }

  // ---------------------------------------------------------------- how to read

  function notesSection(shown) {
    const metrics = new Set(shown.map((one) => one.metric));
    const notes = [];
    if (metrics.has("nps")) notes.push(["NPS", "Promoters (9–10) less detractors (0–6), in percent of all answers. The NPS of the brand as a whole and the NPS right after a moment answer different questions and are never pooled."]);
    if (metrics.has("csat")) notes.push(["CSAT", "Satisfied answers in percent of all answers. Satisfied are the best points of the question's own scale."]);
    if (metrics.has("ces")) notes.push(["CES", "Answers that it was easy, in percent of all answers: the best points of the question's own scale."]);
    const rows = shown.flatMap((one) => [...one.rows.values()]);
    if (rows.some((row) => isNumber(row.low))) notes.push(["Interval", "Where the score would lie if many more of the same customers had been asked, at the confidence that the warehouse is set to (95 % unless you changed it). Of few answers that are all alike even the score itself may lie outside."]);
    if (rows.some((row) => isNumber(row.change))) {
      notes.push(["Real change, within chance", "Whether the answers of both periods differ by more than chance explains. All touchpoints of a period are tested together, so that the one in twenty that moves by chance alone is not called real. p is how often chance alone moves a score as far."],
        ["A change of … would have shown", "The smallest change that so many answers would have shown as real in four cases of five. A smaller one may have happened unseen."]);
    }
    notes.push(["n, few answers", "How many answers a score rests on. Few answers: fewer than the warehouse is set to report from (30 unless you changed it)."],
      ["Numbers", "Rounded to one decimal; changes are taken before rounding, so that they may differ by 0.1 from what you subtract."]);
    return section("notes", "How to read this page", "", h("dl", { class: "notes" }, notes.map(([term, text]) => h("div", {}, h("dt", { text: term }), h("dd", { text })))));
  }

  // ---------------------------------------------------------------- the page

  function switches() {
    const form = document.getElementById("switches");
    const empty = GRAINS.filter((grain) => !PERIODS[grain].length);
    const choose = (label, id, options, chosen, act) => h("label", { class: "field" }, h("span", { text: label }),
      h("select", { id, on: { change: (event) => act(event.target.value) } },
        options.map(([value, text]) => h("option", { value, selected: String(value) === String(chosen), text }))));
    form.replaceChildren(
      segments("grain", "Period length", [["month", "Month"], ["quarter", "Quarter"], ["year", "Year"]], state.grain, (value) => change({ grain: value }), empty),
      choose("Period", "period", [...periods()].reverse().map((at) => [at.number, at.complete ? at.label : `${at.label} (running)`]), state.period, (value) => change({ period: Number(value) })),
      choose("Touchpoint", "touchpoint", [[-1, "All touchpoints"], ...TOUCHPOINTS.map(({ number, name }) => [number, name])], state.touchpoint, (value) => change({ touchpoint: Number(value) })));
  }

  function footer() {
    document.getElementById("footer").replaceChildren(h("p", {},
      DATA.first ? `Answers from ${DATA.first} to ${DATA.last}. ` : "", DATA.built ? `Scores as of the build of ${DATA.built} UTC. ` : "",
      "Made by cx_warehouse from its marts; this file holds everything it shows and asks for nothing else."));
  }

  /** Draw what waits, as wide as it may be on the screen or (A4) on paper. */
  function draw(onPaper = false) {
    for (const [box, make, printed] of later) {
      const made = make((onPaper && printed) || box.clientWidth || 600, onPaper);
      if (made) box.replaceChildren(made);
    }
  }

  function render() {
    const main = document.getElementById("main");
    const open = new Set([...main.querySelectorAll("details[open]")].map((box) => box.dataset.table));
    const focused = document.activeElement && document.activeElement.name
      ? `[name="${document.activeElement.name}"]:checked` : document.activeElement && document.activeElement.id ? `#${document.activeElement.id}` : null;
    later.length = 0;
    if (!period()) {
      main.replaceChildren(h("div", { class: "opening" }, h("h1", { id: "headline", text: "No answer has been accepted yet" }),
        h("p", { class: "story", text: "There is no score to show. What was read, and why it does not count, stands below." })), qualitySection());
      footer();
      return;
    }
    switches();
    const shown = shownSeries();
    main.replaceChildren(...[
      opening(shown),
      h("div", { class: "cards", id: "cards" }, shown.map(card)),
      shown.length ? null : h("p", { class: "notice", text: "Nobody has answered at this touchpoint yet." }),
      shown.length ? trends(shown) : null,
      movedSection(), fallSection(), journeySection(), answersSection(), qualitySection(), notesSection(shown),
    ].filter(Boolean));
    footer();
    draw();
    for (const box of main.querySelectorAll("details")) if (open.has(box.dataset.table)) box.open = true;
    const again = focused && document.querySelector(focused);
    if (again) again.focus({ preventScroll: true });
  }

  readHash();
  render();
  document.getElementById("switches").addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", () => { readHash(); render(); });
  let waiting = 0;
  let drawnFor = document.documentElement.clientWidth;
  addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (document.documentElement.clientWidth === drawnFor) return;
      drawnFor = document.documentElement.clientWidth;
      draw();
    }, 120);
  });
  addEventListener("beforeprint", () => draw(true));
  addEventListener("afterprint", () => draw());
  document.documentElement.dataset.ready = "";
})();
