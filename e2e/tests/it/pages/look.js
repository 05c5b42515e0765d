// What is wrong with the page that is open, in words; nothing where nothing is. It is asked for one
// thing at a time: "layout" at each width, "structure" once, "colours" in each colour scheme.
const wanted = arguments[0];
const wrong = [];
const shown = (it) => it.checkVisibility({ visibilityProperty: true });
const name = (it) => {
  const words = (it.innerText || it.value || "").replace(/\s+/g, " ").trim().slice(0, 40);
  return `${it.localName}${it.id ? "#" + it.id : ""}${it.getAttribute("name") ? `[${it.getAttribute("name")}]` : ""} "${words}"`;
};
const all = [...document.body.querySelectorAll("*")].filter(shown);

// Nothing is wider than the screen.
const layout = () => {
  const width = document.documentElement.clientWidth;
  const whole = document.documentElement.scrollWidth;
  if (whole > width) wrong.push(`the page is ${whole} px wide, the screen ${width}`);
  for (const it of all) {
    const box = it.getBoundingClientRect();
    if (it.matches(".skip") || it.closest("svg") && it.localName !== "svg" || !box.width) continue;
    if (box.right > width + 1 || box.left < -1) wrong.push(`${name(it)} reaches from ${box.left} to ${box.right} of ${width} px`);
  }
};

// What somebody needs who listens to the page, or walks it with the keyboard.
const structure = () => {
  const count = (selector) => document.querySelectorAll(selector).length;
  if (count("main") !== 1) wrong.push(`${count("main")} main landmarks`);
  for (const landmark of ["body > header", "body > header nav[aria-label]", "body > footer"])
    if (count(landmark) !== 1) wrong.push(`${count(landmark)} landmarks ${landmark}`);
  const ranks = [...document.querySelectorAll("main :is(h1, h2, h3, h4)")].map((it) => Number(it.localName[1]));
  if (ranks.some((rank, at) => rank > (ranks[at - 1] ?? 0) + 1)) wrong.push(`headings skip a rank: ${ranks.join(" ")}`);
  // Nothing moves, so nobody has to ask for less of it.
  const moving = all.filter((it) => getComputedStyle(it).animationName !== "none" || getComputedStyle(it).transitionDuration !== "0s");
  for (const it of moving) wrong.push(`${name(it)} moves`);
  if (count("h1") !== 1) wrong.push(`${count("h1")} headings of the first rank`);
  if (!document.documentElement.lang) wrong.push("the page does not say its language");
  if (!document.title.trim()) wrong.push("the page has no title");
  const skip = document.querySelector("a.skip");
  if (!skip || !document.querySelector(skip.getAttribute("href"))) wrong.push("no skip link that leads somewhere");
  const ids = [...document.querySelectorAll("[id]")].map((it) => it.id);
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) wrong.push(`two elements are called #${id}`);
  for (const it of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    const label = it.labels[0] ? it.labels[0].textContent : it.getAttribute("aria-label");
    if (!(label || "").trim()) wrong.push(`${name(it)} has no label`);
  }
  for (const it of document.querySelectorAll("label[for], input[list]")) {
    const id = it.getAttribute("for") || it.getAttribute("list");
    if (!document.getElementById(id)) wrong.push(`${name(it)} points to #${id}, which is not there`);
  }
  for (const it of document.querySelectorAll("main table")) {
    const heads = it.querySelectorAll("thead th").length;
    for (const row of it.tBodies[0]?.rows ?? []) {
      // One cell may speak for several columns.
      const cells = [...row.cells].reduce((sum, cell) => sum + cell.colSpan, 0);
      if (cells !== heads) wrong.push(`a row of ${cells} cells under ${heads} heads`);
    }
  }
  for (const it of document.querySelectorAll("a[href], button, summary"))
    if (!(it.textContent.trim() || it.getAttribute("aria-label"))) wrong.push(`a ${it.localName} without words`);
  for (const it of document.querySelectorAll("[aria-labelledby], [aria-describedby]"))
    for (const id of `${it.getAttribute("aria-labelledby") || ""} ${it.getAttribute("aria-describedby") || ""}`.trim().split(/\s+/))
      if (!document.getElementById(id)) wrong.push(`${name(it)} points to #${id}, which is not there`);
  for (const it of document.querySelectorAll("svg"))
    if (!it.closest("[aria-hidden=true]") && !it.getAttribute("aria-label") && !it.getAttribute("aria-labelledby") && !it.querySelector("title"))
      wrong.push("a picture without words");
};

// Text against what lies behind it: 4.5 to 1, 3 to 1 where it is large (WCAG 2.2, 1.4.3).
const parts = (colour) => {
  const [red, green, blue, alpha = 1] = colour.match(/[\d.]+/g).map(Number);
  return { red, green, blue, alpha };
};
const light = ({ red, green, blue }) => {
  const linear = (value) => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
};
const behind = (it) => {
  for (let at = it; at; at = at.parentElement) {
    const colour = parts(getComputedStyle(at).backgroundColor);
    if (colour.alpha > 0.99) return colour;
  }
  return parts("rgb(255, 255, 255)");
};
const against = (one, other) => {
  const [a, b] = [light(one), light(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
};
// One sees where one is: whatever takes the keyboard has a ring, 3 to 1 against its page (2.4.7, 1.4.11).
const focus = () => {
  for (const it of document.querySelectorAll("a[href], button:enabled, summary, input:not([type=hidden]), select, textarea")) {
    if (!shown(it)) continue;
    it.focus({ focusVisible: true, preventScroll: true });
    if (document.activeElement !== it) { wrong.push(`${name(it)} does not take the keyboard`); continue; }
    const style = getComputedStyle(it), ring = parts(style.outlineColor);
    const is_there = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    if (!is_there) wrong.push(`${name(it)} does not show that it has the focus`);
    else if (against(ring, behind(it.parentElement)) < 3) wrong.push(`the ring around ${name(it)} can hardly be seen`);
  }
  document.activeElement.blur();
};
const contrast = () => {
  for (const it of all) {
    const own = [...it.childNodes].some((part) => part.nodeType === 3 && part.data.trim());
    const off = it.matches(":disabled") || it.closest("svg");
    if (!own && !it.matches("input, textarea, select") || off) continue;
    const style = getComputedStyle(it);
    const ratio = against(parts(style.color), behind(it));
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || size >= 18.66 && style.fontWeight >= 700;
    if (ratio < (large ? 3 : 4.5)) wrong.push(`${name(it)}: ${style.color} has a contrast of ${ratio.toFixed(2)} only`);
  }
};

const looks = { layout: [layout], structure: [structure], colours: [contrast, focus] };
for (const look of looks[wanted]) look();
return wrong;
