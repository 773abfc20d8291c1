/* Words selected in the text of a policy are put into the form that makes a clause of them. Without this file people
   paste them there. */
(function () {
  "use strict";
  var waiting = 0;

  function chosen(range, section) {
    var parts = [];
    section.querySelectorAll("[data-policy]").forEach(function (words) {
      if (!range.intersectsNode(words)) { return; }
      var part = document.createRange();
      part.selectNodeContents(words);
      if (range.compareBoundaryPoints(Range.START_TO_START, part) > 0) { part.setStart(range.startContainer, range.startOffset); }
      if (range.compareBoundaryPoints(Range.END_TO_END, part) < 0) { part.setEnd(range.endContainer, range.endOffset); }
      parts.push(part.toString().trim());
    });
    return parts.join("");
  }

  function take() {
    var selection = document.getSelection();
    if (!selection || selection.isCollapsed || !selection.rangeCount) { return; }
    var range = selection.getRangeAt(0), from = range.startContainer;
    var words = (from.nodeType === 1 ? from : from.parentElement).closest("[data-policy]");
    var section = words && words.closest("section");
    var form = section && section.querySelector("[data-pick]");
    if (!form) { return; }
    form.querySelector("textarea").value = chosen(range, section);
    form.classList.add("picked");
  }

  document.addEventListener("selectionchange", function () {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(take, 120);
  });
})();
