/* Runs in a copy of a report's page, in a frame, and tells what does not fit and what was asked of the network. */
"use strict";
const refused = [];
document.addEventListener("securitypolicyviolation", event => refused.push(event.blockedURI || event.violatedDirective));
window.addEventListener("load", () => {
  document.querySelectorAll("details").forEach(each => { each.open = true; });
  const width = document.documentElement.clientWidth;
  const name = element => element.tagName + (element.id ? "#" + element.id : "")
    + (element.closest("section") ? " in " + element.closest("section").id : "")
    + " \"" + element.textContent.trim().slice(0, 40) + "\"";
  const outside = [...document.querySelectorAll("body *")]
    .filter(each => !each.parentElement.closest(".scroll"))
    .filter(each => each.getBoundingClientRect().right > width + 1)
    .map(name);
  /* What is wider than its box can be scrolled to, unless the box hides it. */
  const hidden = [...document.querySelectorAll("body *")]
    .filter(each => !each.closest("svg") && each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0)
    .filter(each => ["hidden", "clip"].includes(getComputedStyle(each).overflowX))
    .map(name);
  const cut = [...document.querySelectorAll("figure svg text")]
    .filter(text => {
      const inner = text.getBoundingClientRect();
      const outer = text.ownerSVGElement.getBoundingClientRect();
      return inner.left < outer.left - 1 || inner.right > outer.right + 1
        || inner.top < outer.top - 1 || inner.bottom > outer.bottom + 1;
    })
    .map(name);
  const measured = {
    width: window.innerWidth,
    scrollWidth: document.documentElement.scrollWidth,
    outside, hidden, cut, refused,
    scrolling: [...document.querySelectorAll(".scroll")].filter(each => each.scrollWidth > each.clientWidth).length,
    requests: performance.getEntriesByType("resource").map(each => each.name)
  };
  parent.postMessage(btoa(unescape(encodeURIComponent(JSON.stringify(measured)))), "*");
});
