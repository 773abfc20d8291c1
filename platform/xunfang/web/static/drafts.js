/* Drafts and unsent reports, kept on this device only, per account, for at most seven days. */
(function () {
  "use strict";
  var PREFIX = "xunfang-draft:";
  var DAYS = 7;
  var account = document.body.getAttribute("data-account") || "";

  function key(form) { return PREFIX + account + ":" + form; }

  function read(form) {
    try { return JSON.parse(localStorage.getItem(key(form)) || "null"); } catch (problem) { return null; }
  }

  function write(form, draft) {
    draft.at = Date.now();
    try { localStorage.setItem(key(form), JSON.stringify(draft)); return true; } catch (problem) { return false; }
  }

  function drop(form) { localStorage.removeItem(key(form)); }

  function each(act) {
    Object.keys(localStorage).filter(function (name) { return name.indexOf(PREFIX) === 0; }).forEach(function (name) {
      var draft = null;
      try { draft = JSON.parse(localStorage.getItem(name)); } catch (problem) { draft = null; }
      act(name, draft);
    });
  }

  function clear(test) {
    each(function (name, draft) { if (!draft || test(draft)) { localStorage.removeItem(name); } });
  }

  try {
    clear(function (draft) { return Date.now() - draft.at > DAYS * 86400000; });
    var sent = document.querySelector("[data-sent]");
    if (sent) { clear(function (draft) { return draft.submission === sent.getAttribute("data-sent"); }); }
  } catch (problem) { /* storage is switched off: the form works without drafts */ }

  window.xunfang = window.xunfang || {};
  window.xunfang.drafts = { read: read, write: write, drop: drop };
})();
