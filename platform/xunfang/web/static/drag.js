/* Rows put in another order by dragging: the same command is sent as by the buttons 上移 and 下移, which stay. */
(function () {
  "use strict";
  var moved = null, marked = null;

  function unmark() {
    if (marked) { marked.classList.remove("drop-before", "drop-after"); }
    marked = null;
  }

  function rowAt(event) {
    var row = moved && event.target.closest ? event.target.closest("[data-place]") : null;
    return row && row !== moved && row.closest("[data-drag]") === moved.closest("[data-drag]") ? row : null;
  }

  function isBelow(row, event) {
    var place = row.getBoundingClientRect();
    return event.clientY > place.top + place.height / 2;
  }

  /* where the row comes to stand, counted among all that lie in its file */
  function steps(row, below) {
    var from = Number(moved.getAttribute("data-place")), to = Number(row.getAttribute("data-place"));
    return to + (below ? 1 : 0) - (from < to ? 1 : 0) - from;
  }

  function send(by) {
    var form = moved.querySelector("form[data-move]"), way = form.getAttribute("data-move");
    [[way, by < 0 ? "up" : "down"], ["by", String(Math.abs(by))]].forEach(function (told) {
      var old = form.querySelector("input[name=" + told[0] + "]");
      var input = old || document.createElement("input");
      input.type = "hidden";
      input.name = told[0];
      input.value = told[1];
      if (!old) { form.appendChild(input); }
    });
    form.submit();
  }

  Array.prototype.forEach.call(document.querySelectorAll("[data-drag] [data-place]"), function (row) {
    var acts = row.querySelector("form[data-move]");
    if (!acts) { return; }
    var handle = document.createElement("span");
    handle.className = "drag-handle";
    handle.textContent = "拖动";
    handle.title = "按住拖到别的位置；不用鼠标的，用上移、下移";
    handle.draggable = true;
    handle.setAttribute("aria-hidden", "true");
    acts.parentNode.insertBefore(handle, acts);
    handle.addEventListener("dragstart", function (event) {
      moved = row;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", "");
      event.dataTransfer.setDragImage(row, 0, 0);
      row.classList.add("dragged");
    });
    handle.addEventListener("dragend", function () {
      row.classList.remove("dragged");
      unmark();
      moved = null;
    });
  });

  document.addEventListener("dragover", function (event) {
    var row = rowAt(event);
    unmark();
    if (!row) { return; }
    event.preventDefault();
    marked = row;
    row.classList.add(isBelow(row, event) ? "drop-after" : "drop-before");
  });

  document.addEventListener("drop", function (event) {
    var row = rowAt(event);
    if (!row) { return; }
    event.preventDefault();
    var by = steps(row, isBelow(row, event));
    if (by) { send(by); }
  });
})();
