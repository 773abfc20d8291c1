/* Photos: shrunk on the phone before they are sent, one by one, so that a weak signal is enough. */
(function () {
  "use strict";
  var LONGEST = 1600;
  var QUALITY = 0.8;

  function shrink(file) {
    return new Promise(function (resolve, reject) {
      var url = URL.createObjectURL(file);
      var image = new Image();
      image.onload = function () {
        var ratio = Math.min(1, LONGEST / Math.max(image.naturalWidth, image.naturalHeight));
        var canvas = document.createElement("canvas");
        canvas.width = Math.max(1, Math.round(image.naturalWidth * ratio));
        canvas.height = Math.max(1, Math.round(image.naturalHeight * ratio));
        canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
        URL.revokeObjectURL(url);
        canvas.toBlob(function (blob) { if (blob) { resolve(blob); } else { reject(new Error("empty")); } }, "image/jpeg", QUALITY);
      };
      image.onerror = function () { URL.revokeObjectURL(url); reject(new Error("unreadable")); };
      image.src = url;
    });
  }

  function send(box, blob) {
    var body = new FormData();
    body.append("photo", blob, "photo.jpg");
    var csrf = document.querySelector("input[name=csrf]").value;
    return fetch(box.getAttribute("data-to"), {
      method: "POST", body: body, credentials: "same-origin", headers: { "X-Csrf-Token": csrf, "Accept": "application/json" }
    }).then(function (answer) {
      return answer.json().then(function (data) {
        if (!answer.ok) { throw new Error(data.message || ""); }
        return data.id;
      });
    });
  }

  function show(box, id, blob) {
    var item = document.createElement("li");
    var input = document.createElement("input");
    input.type = "hidden"; input.name = box.getAttribute("data-photos"); input.value = id;
    var image = document.createElement("img");
    image.alt = "已上传的照片"; image.src = URL.createObjectURL(blob);
    var remove = document.createElement("button");
    remove.type = "button"; remove.className = "quiet"; remove.textContent = "移除"; remove.setAttribute("data-drop", "");
    item.append(input, image, remove);
    box.querySelector(".photo-list").append(item);
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function setUp(box) {
    var most = Number(box.getAttribute("data-most"));
    var says = box.querySelector("[role=status]");
    box.addEventListener("click", function (event) {
      if (event.target.hasAttribute("data-drop")) {
        event.target.closest("li").remove();
        box.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
    box.querySelector("input[type=file]").addEventListener("change", function (event) {
      var files = Array.prototype.slice.call(event.target.files);
      event.target.value = "";
      files.reduce(function (before, file) {
        return before.then(function () {
          if (box.querySelectorAll(".photo-list li").length >= most) { says.textContent = "最多" + most + "张照片。"; return null; }
          says.textContent = "正在压缩并上传……";
          return shrink(file).then(function (blob) {
            return send(box, blob).then(function (id) { show(box, id, blob); says.textContent = "已上传。"; });
          }).catch(function (problem) {
            says.textContent = problem.message === "unreadable" ? "这不是能识别的照片，请换一张。" :
              problem.message && problem.message !== "Failed to fetch" ? problem.message : "没有信号，照片未能上传；请稍后再添加。";
          });
        });
      }, Promise.resolve());
    });
  }

  Array.prototype.forEach.call(document.querySelectorAll("[data-photos]"), setUp);
})();
