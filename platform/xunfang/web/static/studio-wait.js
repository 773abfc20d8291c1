/* While a job is at a gate the page shows itself anew every few seconds, unless somebody is writing on it. */
(function () {
  "use strict";
  var PAUSE = 3000;
  function writes() {
    var fields = document.querySelectorAll("main textarea, main input[type=text]");
    return Array.prototype.some.call(fields, function (field) { return field.value !== field.defaultValue; });
  }
  function look() {
    if (!writes() && !document.hidden) { location.reload(); }
    else { setTimeout(look, PAUSE); }
  }
  if (document.querySelector("[data-waits]")) { setTimeout(look, PAUSE); }
})();
