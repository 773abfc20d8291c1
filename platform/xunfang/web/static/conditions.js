/* The condition language in the browser: the same decisions as on the server, over the answers on the page.
   A table of cases, run through both, keeps the two equal. */
(function () {
  "use strict";

  function known(value) {
    return value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && value.length === 0);
  }

  function members(value) {
    return Array.isArray(value) ? value : known(value) ? [value] : [];
  }

  function among(value, list) { return list.indexOf(value) >= 0; }

  function number(compare) {
    return function (left, right) { return typeof left === "number" && typeof right === "number" && compare(left, right); };
  }

  function day(compare) {
    return function (left, right) {
      return typeof left === "string" && typeof right === "string" && left !== "" && compare(left.slice(0, 10), right.slice(0, 10));
    };
  }

  var OPERATORS = {
    is: function (left, right) { return left === right; },
    is_not: function (left, right) { return left !== right; },
    any: function (left, right) { return members(left).some(function (each) { return among(each, right); }); },
    all: function (left, right) { return right.every(function (each) { return among(each, members(left)); }); },
    none: function (left, right) { return !members(left).some(function (each) { return among(each, right); }); },
    in: function (left, right) { return known(left) && among(left, right); },
    at_least: number(function (left, right) { return left >= right; }),
    at_most: number(function (left, right) { return left <= right; }),
    above: number(function (left, right) { return left > right; }),
    below: number(function (left, right) { return left < right; }),
    before: day(function (left, right) { return left < right; }),
    after: day(function (left, right) { return left > right; }),
    known: function (left, right) { return known(left) === right; }
  };

  function right(value, facts) {
    if (value === null || typeof value !== "object" || Array.isArray(value)) { return value; }
    var named = facts[value.fact];
    if (value.times === 1) { return named; }
    return typeof named === "number" ? Math.round(named * value.times * 10000) / 10000 : undefined;
  }

  function holds(condition, facts) {
    if (condition.all) { return condition.all.every(function (part) { return holds(part, facts); }); }
    if (condition.any) { return condition.any.some(function (part) { return holds(part, facts); }); }
    return OPERATORS[condition.op](facts[condition.path], right(condition.value, facts));
  }

  window.xunfang = window.xunfang || {};
  window.xunfang.holds = holds;
})();
