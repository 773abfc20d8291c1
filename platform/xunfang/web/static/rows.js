/* Rows of a form, such as the members of a household: one more, one less, as many as a kept draft has.
   Without this file a page shows the rows that there are, and one more. The server counts them anew. */
(function () {
  "use strict";

  function all(box) { return Array.prototype.slice.call(box.querySelectorAll("[data-row]")); }

  function adder(box) { return box.querySelector("[data-add-row]"); }

  function count(box) {
    var rows = all(box);
    rows.forEach(function (row, place) {
      row.querySelector("[data-count]").textContent = "第" + (place + 1) + box.getAttribute("data-word");
      row.querySelector("[data-drop-row]").hidden = false;
    });
    adder(box).hidden = rows.length >= Number(box.getAttribute("data-most"));
  }

  function next(box) {
    var places = all(box).map(function (row) {
      var named = row.querySelector("[name]");
      return named ? Number(named.name.split(".")[1]) : -1;
    });
    return Math.max.apply(null, places.concat(-1)) + 1;
  }

  /* the blank row says n for its place, in names, ids and whatever refers to them */
  function add(box) {
    var name = box.getAttribute("data-rows");
    var place = name + "." + next(box) + ".";
    var row = box.querySelector("template").content.firstElementChild.cloneNode(true);
    Array.prototype.forEach.call(row.querySelectorAll("*"), function (one) {
      Array.prototype.forEach.call(one.attributes, function (each) { each.value = each.value.split(name + ".n.").join(place); });
    });
    adder(box).before(row);
    row.dispatchEvent(new Event("row-added", { bubbles: true }));
    count(box);
    return row;
  }

  /* let a box have as many rows as the names of kept answers say, the places too */
  function reset(box, names) {
    var prefix = box.getAttribute("data-rows") + ".";
    var places = names.filter(function (name) { return name.indexOf(prefix) === 0; }).map(function (name) { return Number(name.split(".")[1]); });
    all(box).forEach(function (row) { row.remove(); });
    for (var place = 0; place <= Math.max.apply(null, places.concat(-1)); place += 1) { add(box); }
    count(box);
  }

  function filled(box) {
    return all(box).filter(function (row) {
      return Array.prototype.some.call(row.querySelectorAll("[name]"), function (input) {
        return input.type === "radio" || input.type === "checkbox" ? input.checked : input.value.trim() !== "";
      });
    });
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-add-row], [data-drop-row]");
    if (!button) { return; }
    var box = button.closest("[data-rows]");
    if (button.hasAttribute("data-add-row")) {
      var row = add(box);
      box.dispatchEvent(new Event("change", { bubbles: true }));
      var first = row.querySelector("input, select, textarea");
      if (first) { first.focus(); }
      return;
    }
    button.closest("[data-row]").remove();
    count(box);
    box.dispatchEvent(new Event("change", { bubbles: true }));
    adder(box).focus();
  });

  Array.prototype.forEach.call(document.querySelectorAll("[data-rows]"), count);
  window.xunfang = window.xunfang || {};
  window.xunfang.rows = { reset: reset, filled: filled };
})();
