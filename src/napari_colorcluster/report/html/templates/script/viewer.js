// The dialog of one image: both pictures under a slider, its clusters, its notes and its mark.

class Viewer {
  constructor(study, marks, { images, onMark, onClose }) {
    Object.assign(this, { study, marks, images, onMark, onClose });
    this.place = 0;
    this.part = (id) => document.getElementById(id);
    this.dialog = this.part("dialog");
    this.part("previous").addEventListener("click", () => this.step(-1));
    this.part("next").addEventListener("click", () => this.step(1));
    this.part("close").addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("close", () => this.onClose(this.place));
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog.close();
    });
    this.dialog.addEventListener("keydown", (event) => this.onKey(event));
    this.part("before").addEventListener("load", () => this.fit());
    this.part("slider").addEventListener("input", () => this.slide());
    this.part("beside").addEventListener("change", (event) => {
      this.part("pair").classList.toggle("beside", event.target.checked);
    });
    this.part("wrong").addEventListener("change", (event) => this.mark({ wrong: event.target.checked }));
    this.part("comment").addEventListener("input", (event) => this.mark({ comment: event.target.value.trim() }));
    this.slide();
  }

  get image() {
    return this.images()[this.place];
  }

  open(place) {
    this.place = place;
    this.show();
    if (!this.dialog.open) this.dialog.showModal();
    // Not the slider, whose arrow keys are its own: here they go from image to image.
    this.part("dialog-name").focus();
  }

  step(by) {
    const place = this.place + by;
    if (place < 0 || place >= this.images().length) return;
    this.place = place;
    this.show();
  }

  show() {
    const { study, image } = this;
    const [photo, quantized] = study.thumbnails[image];
    this.part("before").src = photo;
    this.part("after").src = quantized;
    this.part("dialog-name").textContent = study.name[image];
    const n = this.images().length;
    this.part("dialog-position").textContent = `${(this.place + 1).toLocaleString("en")} of ${n.toLocaleString("en")}`;
    this.part("previous").disabled = this.place === 0;
    this.part("next").disabled = this.place === n - 1;
    this.showMark();
    this.showFacts();
    this.part("clusters").replaceChildren(...study.clustersOf(image).map((cluster) => {
      const swatch = element("span", { className: "swatch" });
      swatch.style.background = cluster.hex;
      return element("tr", {}, [
        element("td", { textContent: cluster.label }),
        element("th", { scope: "row" }, [swatch, cluster.name]),
        element("td", { className: "code", textContent: cluster.hex }),
        element("td", { textContent: percent(cluster.share) }),
        element("td", { textContent: cluster.pixels.toLocaleString("en") }),
      ]);
    }));
    const notes = study.notes[image].map((note) => element("li", { textContent: note }));
    this.part("notes").replaceChildren(...notes);
  }

  showFacts() {
    const { study, image } = this;
    const inDeltaE = (value) => (value === null ? "" : `ΔE2000 ${value.toFixed(2)}`);
    const left = study.excluded[image].map(([reason, n]) => `${n.toLocaleString("en")} ${reason}`);
    const residuals = study.mean[image] === null ? ""
      : `${inDeltaE(study.mean[image])} mean, ${study.p95[image].toFixed(2)} 95th percentile`;
    const facts = [
      ["File", study.path[image]],
      ["Group", study.groupOf(image)],
      ["Distance to the pool", inDeltaE(study.distance[image])],
      ["Residuals", residuals],
      ["Pixels left out", left.join(", ")],
    ];
    this.part("facts").replaceChildren(...facts.filter(([, text]) => text).flatMap(
      ([term, text]) => [element("dt", { textContent: term }), element("dd", { textContent: text })],
    ));
  }

  showMark() {
    const mark = this.marks.of(this.study.name[this.image]);
    this.part("wrong").checked = mark.wrong;
    if (document.activeElement !== this.part("comment") || !mark.comment) {
      this.part("comment").value = mark.comment;
    }
  }

  mark(change) {
    this.marks.set(this.study.name[this.image], change);
    this.onMark(this.image);
  }

  // The frame is as large as fits, in the shape of the pictures, so that the slider spans them.
  fit() {
    const { naturalWidth, naturalHeight } = this.part("before");
    this.part("pair").style.setProperty("--ratio", naturalWidth / naturalHeight);
  }

  slide() {
    this.part("pair").style.setProperty("--at", `${this.part("slider").value}%`);
  }

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target === this.part("comment")) return;
    const key = event.key.toLowerCase();
    if (key === "w") {
      this.mark({ wrong: !this.part("wrong").checked });
      this.showMark();
    } else if (key === "pageup" || (key === "arrowleft" && event.target !== this.part("slider"))) {
      this.step(-1);
    } else if (key === "pagedown" || (key === "arrowright" && event.target !== this.part("slider"))) {
      this.step(1);
    } else {
      return;
    }
    event.preventDefault();
  }
}
