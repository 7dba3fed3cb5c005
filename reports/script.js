// What the page can do beside being read: filter, show the packed findings, follow links into them, light up the picture.
// Text from the run only ever becomes text nodes; nothing here parses HTML.
(() => {
  "use strict";
  const PAGE = 100;
  const $ = (id) => document.getElementById(id);
  const list = $("list"), form = document.querySelector(".find"), input = $("q"), more = $("more"), island = $("rest");
  const number = (n) => n.toLocaleString("en-US");

  // ---- elements

  function el(tag, cls, ...kids) {
    const node = document.createElement(tag);
    if (cls) node.className = cls;
    node.append(...kids.filter((kid) => kid !== "" && kid != null));
    return node;
  }

  function use(cls, id) {
    const make = (tag) => document.createElementNS("http://www.w3.org/2000/svg", tag);
    const svg = make("svg"), ref = make("use");
    svg.setAttribute("class", cls);
    svg.setAttribute("aria-hidden", "true");
    ref.setAttribute("href", `#${id}`);
    svg.append(ref);
    return svg;
  }

  const label = (text) => el("p", "label", text);

  function rows(pairs) {
    const out = el("dl", "rows");
    for (const [name, text] of pairs) if (text) out.append(el("dt", "", name), el("dd", "", text));
    return out;
  }

  function sentence(edge) {
    const why = edge.because ? [" ", el("span", "soft", `(${edge.because})`)] : [];
    return el("li", "", el("span", "name", edge.tail), ` ${edge.verb} `, el("span", "name", edge.head), ...why);
  }

  function step(each) {
    const facts = [["Changes", each.change], ["Region", each.region], ["Undo", each.undo], ["Also affects", each.touches]];
    return el("li", "", el("pre", "", each.call), rows(facts));
  }

  function quote(cite) {
    const words = cite.text ? el("p", "", cite.text) : "";
    if (words && cite.lang) words.lang = cite.lang;
    return el("blockquote", "", words, el("footer", "", cite.where));
  }

  function remedy(mend) {
    const steps = mend.steps ? el("ol", "steps", ...mend.steps.map(step)) : "";
    const head = label(`Remedy: ${mend.word}${mend.danger ? ` · ${mend.danger}` : ""}`);
    return el("div", "", head, mend.text ? el("p", "", mend.text) : "", steps);
  }

  function summary(f) {
    const where = el("span", "where", el("span", "name", f.name), ` · ${f.noun} · ${f.told}`);
    const chips = el("span", "chips",
      f.verdict === "unknown" ? el("span", "chip unknown", "unknown") : "",
      f.new ? el("span", "chip new", "new") : "",
      f.newly ? el("span", "chip", "newly checked") : "",
      f.age ? el("span", "chip", f.age) : "",
      f.waiver ? el("span", "chip", "waived") : "",
      f.mend && f.mend.steps ? el("span", "chip", f.mend.chip) : "");
    const severity = el("span", `severity ${f.severity}`, use("bars", `s-${f.severity}`), f.severity);
    return el("summary", "", severity, el("span", "what", el("h3", "", f.title), where), chips);
  }

  function body(f) {
    const side = (cls, name, text) => el("div", cls, label(name), el("pre", "", text));
    const link = el("a", "", "Link to this finding");
    link.href = `#f-${f.id}`;
    return el("div", "body",
      f.because ? el("p", "because", f.because) : "",
      f.waiver ? el("p", "because", `Waived: ${f.waiver}`) : "",
      el("div", "compare", side("want", "Expected", f.expected), side("have", "Actual", f.actual)),
      f.cite ? quote(f.cite) : "",
      f.evidence ? el("div", "", label("Evidence"), el("ol", "proof", ...f.evidence.map(sentence))) : "",
      f.allow ? el("div", "", label("To check it, allow"), el("p", "", el("code", "", f.allow.join(", ")))) : "",
      f.mend ? remedy(f.mend) : "",
      rows([["Demand", f.demand], ["Check", f.check], ["Also", f.others], ["Property", f.property], ["Resource", f.key], ["Place", f.place]]),
      el("p", "id", link, " ", el("code", "", f.id)));
  }

  function article(f) {
    const out = el("details", "finding", summary(f), body(f));
    out.id = `f-${f.id}`;
    const facets = { severity: f.severity, verdict: f.verdict, kind: f.kind, check: f.check, type: f.type, place: f.place };
    Object.assign(out.dataset, facets, { new: f.new ? "new" : "", mend: f.mend ? f.mend.kind : "" });
    return out;
  }

  // ---- the filter: words, and tokens key:value, each turned round by a leading "!"

  const KEYS = { sev: "severity", severity: "severity", rule: "check", check: "check", type: "type", kind: "kind", acct: "place",
    account: "place", region: "place" };

  function parse(text) {
    return (text.match(/!?(?:[\w-]+:)?"[^"]*"?|\S+/g) || []).map((word) => {
      const not = word.startsWith("!");
      const [, key, value] = /^(?:([\w-]+):)?(.*)$/s.exec(not ? word.slice(1) : word);
      return { not, key: (key || "").toLowerCase(), value: value.replaceAll('"', "").toLowerCase() };
    }).filter((token) => token.value);
  }

  function is(value, item) {
    return [item.verdict, item.kind, item.new, item.waived ? "waived" : "", item.mend].includes(value) || (value === "auto" && item.mend === "automatic");
  }

  function holds(token, item) {
    const { key, value } = token;
    if (key === "is") return is(value, item);
    if (KEYS[key] === "severity") return item.severity.startsWith(value);
    if (KEYS[key]) return item[KEYS[key]].toLowerCase().includes(value);
    return item.text().includes(key ? `${key}:${value}` : value);
  }

  const fits = (tokens, item) => tokens.every((token) => Boolean(holds(token, item)) !== token.not);

  function once(make) {
    let made;
    return () => (made ??= make());
  }

  const shown = [...document.querySelectorAll("#list > .finding")].map((node) => ({
    node, id: node.id, ...{ new: "", mend: "", ...node.dataset }, text: once(() => node.textContent.toLowerCase()),
  }));

  const packed = (f) => ({
    f, id: `f-${f.id}`, severity: f.severity, verdict: f.verdict, kind: f.kind, check: f.check, type: f.type, place: f.place,
    new: f.new ? "new" : "", waived: Boolean(f.waiver), mend: f.mend ? f.mend.kind : "",
    text: once(() => [f.title, f.name, f.noun, f.told, f.key, f.check, f.demand, f.others, f.place, f.property, f.because, f.actual].join(" ").toLowerCase()),
  });

  let rest = [], matches = [], drawn = 0;

  function apply() {
    const tokens = parse(input.value);
    let count = 0;
    for (const item of shown) {
      const fit = fits(tokens, item);
      item.node.hidden = !fit;
      count += fit;
    }
    const waived = tokens.some((token) => token.key === "is" && token.value === "waived");
    matches = rest.filter((item) => item.waived === waived && fits(tokens, item));
    for (const old of list.querySelectorAll(".packed")) old.remove();
    drawn = 0;
    if (tokens.length && count < PAGE) draw(PAGE - count);
    tell(count + matches.length, tokens.length > 0);
    for (const button of form.querySelectorAll("[data-token]")) {
      button.setAttribute("aria-pressed", String(input.value.split(/\s+/).includes(button.dataset.token)));
    }
  }

  function draw(most) {
    const next = matches.slice(drawn, drawn + most).map((item) => {
      const node = article(item.f);
      node.classList.add("packed");
      return node;
    });
    drawn += next.length;
    list.append(...next);
    offer();
    return next[0];
  }

  function offer() {
    if (!more) return;
    const left = matches.length - drawn;
    more.hidden = left <= 0;
    more.textContent = `Show ${number(Math.min(PAGE, left))} more of ${number(left)}`;
  }

  function tell(count, filtered) {
    const all = shown.length + rest.filter((item) => !item.waived).length;
    $("found").textContent = filtered ? `${number(count)} of ${number(all)} findings` : "";
    offer();
  }

  function toggle(token) {
    const words = input.value.split(/\s+/).filter(Boolean);
    const without = words.filter((word) => !word.startsWith("sev:"));
    input.value = (words.includes(token) ? without : [...without, token]).join(" ");
    changed();
  }

  function changed() {
    apply();
    const hash = input.value.trim() ? `#q=${encodeURIComponent(input.value.trim())}` : location.pathname + location.search;
    history.replaceState(null, "", hash);
  }

  // ---- links into the page: #f-<finding id> and #q=<filter>

  function follow() {
    const hash = location.hash.slice(1);
    if (hash.startsWith("q=") && input) {
      try { input.value = decodeURIComponent(hash.slice(2)); } catch { return; }
      apply();
      $("findings").scrollIntoView();
    } else if (hash.startsWith("f-")) reveal(hash);
  }

  function reveal(id) {
    let node = $(id);
    if (!node) {
      const item = rest.find((each) => each.id === id);
      if (!item) return;
      node = article(item.f);
      node.classList.add("packed");
      list.append(node);
    }
    node.hidden = false;
    node.open = true;
    node.scrollIntoView();
    node.querySelector("summary").focus({ preventScroll: true });
  }

  // Packed findings lie by member: each different value once, and where it belongs (-1: nowhere).
  function unfold({ count, members }) {
    const out = Array.from({ length: count }, () => ({}));
    for (const [name, { values, places }] of Object.entries(members)) {
      for (let row = 0; row < count; row++) {
        const place = places ? places[row] : row;
        if (place >= 0) out[row][name] = values[place];
      }
    }
    return out;
  }

  async function unpack() {
    const bytes = Uint8Array.from(atob(island.textContent.trim()), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    rest = unfold(JSON.parse(await new Response(stream).text())).map(packed);
    apply();
    follow();
    document.documentElement.dataset.unpacked = String(rest.length);
  }

  // ---- the picture: who hangs together with what the pointer or the focus is on

  function light(map, node) {
    map.classList.toggle("focus", Boolean(node));
    for (const each of map.querySelectorAll(".lit")) each.classList.remove("lit");
    if (!node) return;
    node.classList.add("lit");
    for (const link of map.querySelectorAll(".link")) {
      const ends = link.dataset.ends.split(" ");
      if (!ends.includes(node.id)) continue;
      link.classList.add("lit");
      for (const end of ends) $(end)?.classList.add("lit");
    }
  }

  // ---- beginning

  if (form) {
    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("click", (event) => {
      const button = event.target.closest("[data-token]");
      if (button) toggle(button.dataset.token);
    });
    input.addEventListener("input", changed);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { input.value = ""; changed(); }
    });
    more?.addEventListener("click", () => draw(PAGE)?.querySelector("summary").focus());
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && input && !/^(INPUT|TEXTAREA)$/.test(document.activeElement.tagName)) {
      event.preventDefault();
      input.focus();
    }
  });
  for (const map of document.querySelectorAll(".map")) {
    for (const kind of ["pointerover", "focusin"]) map.addEventListener(kind, (event) => light(map, event.target.closest(".node")));
    for (const kind of ["pointerleave", "focusout"]) map.addEventListener(kind, () => light(map, null));
  }
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const each of opened) each.open = true;
  });
  addEventListener("afterprint", () => { for (const each of opened) each.open = false; });
  addEventListener("hashchange", follow);
  addEventListener("load", follow); // the browser's own jump to the anchor takes the focus away again
  if (island) {
    unpack().catch(() => { more.hidden = false; more.disabled = true; more.textContent = "This browser cannot unpack the other findings"; });
  } else {
    if (input) apply();
    follow();
  }
})();
