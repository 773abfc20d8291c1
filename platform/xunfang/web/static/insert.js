/* Words put where the cursor stands in the text beside. Without this file people type them. */
(function () {
  "use strict";
  var text = document.getElementById("text");
  if (!text) { return; }
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-insert]");
    if (!button) { return; }
    var begun = text.selectionStart > 0;  /* nobody put the cursor anywhere yet: at the end */
    var from = begun ? text.selectionStart : text.value.length;
    text.setRangeText(button.getAttribute("data-insert"), from, begun ? text.selectionEnd : from, "end");
    text.focus();
  });
})();
