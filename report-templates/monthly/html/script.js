"use strict";
(function () {
  const root = document.documentElement;
  const all = (selector, from) => Array.from((from || document).querySelectorAll(selector));

  // Theme: the page starts as the system asks; nothing is stored.
  const button = document.querySelector(".theme");
  if (button) {
    const system = matchMedia("(prefers-color-scheme: dark)");
    const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
    const name = () => { button.textContent = isDark() ? button.dataset.light : button.dataset.dark; };
    button.hidden = false;
    name();
    button.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; name(); });
    system.addEventListener("change", name);
  }

  // Sorting: numbers by raw value, words by the language of the page; unknown values last.
  const compare = (a, b, numeric, up) => {
    if (!numeric) return (up ? 1 : -1) * a.textContent.localeCompare(b.textContent, root.lang, { numeric: true });
    const x = parseFloat(a.dataset.v), y = parseFloat(b.dataset.v);
    if (isNaN(x) || isNaN(y)) return isNaN(x) - isNaN(y);
    return up ? x - y : y - x;
  };
  all("table.sortable").forEach((table) => {
    const body = table.tBodies[0], heads = Array.from(table.tHead.rows[0].cells);
    heads.forEach((head, column) => {
      const sorter = document.createElement("button");
      sorter.type = "button";
      sorter.append(...head.childNodes);
      head.append(sorter);
      sorter.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        const numeric = head.className === "number";
        body.append(...Array.from(body.rows).sort((a, b) => compare(a.cells[column], b.cells[column], numeric, up)));
      });
    });
  });

  // Tooltip of a mark: its own <title>, placed beside the pointer. Escape closes it.
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  document.body.append(tip);
  const hide = () => { tip.hidden = true; };
  all(".plot > svg").forEach((svg) => {
    all("title", svg).forEach((title) => {
      const words = title.textContent;
      if (title.parentNode === svg) svg.setAttribute("aria-label", words);
      else title.parentNode.dataset.tip = words;
      title.remove();
    });
    const about = svg.querySelector("desc");
    if (about) svg.setAttribute("aria-describedby", about.id);
    svg.removeAttribute("aria-labelledby");
    svg.addEventListener("pointermove", (event) => {
      const mark = event.target.closest("[data-tip]");
      if (!mark) return hide();
      tip.textContent = mark.dataset.tip;
      tip.hidden = false;
      const top = event.clientY - tip.offsetHeight - 12;
      tip.style.left = Math.max(8, Math.min(event.clientX + 14, root.clientWidth - tip.offsetWidth - 8)) + "px";
      tip.style.top = (top < 8 ? event.clientY + 18 : top) + "px";
    });
    svg.addEventListener("pointerleave", hide);
  });
  addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  addEventListener("scroll", hide, { passive: true });

  // Contents: the section being read.
  const links = all(".contents a");
  const read = (entry) => links.forEach((link) => {
    if (link.hash !== "#" + entry.target.id) return link.removeAttribute("aria-current");
    link.setAttribute("aria-current", "location");
    link.closest("ol").scrollLeft = link.offsetLeft - 40;
  });
  const watch = new IntersectionObserver((entries) => entries.filter((e) => e.isIntersecting).forEach(read),
    { rootMargin: "-20% 0px -70% 0px" });
  all("main > section").forEach((section) => watch.observe(section));
})();
