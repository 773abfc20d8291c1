/* When another field of a condition is chosen, the page asks what it may be compared with; nothing is saved by that. */
(function () {
  "use strict";
  document.addEventListener("change", function (event) {
    var select = event.target.closest("[data-look]");
    if (!select || !select.value) { return; }
    var button = select.closest(".condition").querySelector("[data-looks]");
    if (button) { button.click(); }
  });
})();
