/* When another field of a condition is chosen, the page asks what it may be compared with; nothing is saved by that.
   By keyboard every arrow is another choice: then it asks when the field is left, or at Enter. */
(function () {
  "use strict";
  var byKey = false, waiting = null;

  function look(select) {
    waiting = null;
    var condition = select.closest(".condition"), button = condition.querySelector("[data-looks]");
    if (!button || !select.value) { return; }
    if (condition.id) { button.setAttribute("formaction", button.form.action + "#" + condition.id); }
    button.click();
  }

  document.addEventListener("keydown", function (event) {
    byKey = true;
    if (event.key === "Enter" && waiting && waiting === event.target) {
      event.preventDefault();
      look(waiting);
    }
  }, true);
  document.addEventListener("pointerdown", function () { byKey = false; }, true);

  document.addEventListener("change", function (event) {
    var select = event.target.closest("[data-look]");
    if (!select) { return; }
    if (byKey) { waiting = select; } else { look(select); }
  });
  document.addEventListener("focusout", function (event) {
    if (waiting && waiting === event.target && event.relatedTarget !== waiting) { look(waiting); }
  });
})();
