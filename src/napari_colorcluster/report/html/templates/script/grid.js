// The grid of images: of ten thousand, only the rows in sight are elements of the page.

class Grid {
  static overscan = 2;
  static mostPrinted = 1000;

  constructor(root, study, marks, open) {
    Object.assign(this, { root, study, marks, open });
    this.images = [];
    this.active = 0;
    this.rows = new Map();
    root.addEventListener("click", (event) => this.onClick(event));
    root.addEventListener("focusin", (event) => this.onFocus(event));
    root.addEventListener("keydown", (event) => this.onKey(event));
    const later = () => requestAnimationFrame(() => this.render());
    addEventListener("scroll", later, { passive: true });
    new ResizeObserver(() => this.layOut()).observe(root);
  }

  // Show these images, from the top.
  show(images) {
    this.images = images;
    this.active = 0;
    this.layOut(true);
  }

  layOut(anew = false) {
    const style = getComputedStyle(this.root);
    const least = parseFloat(style.getPropertyValue("--card-width"));
    const columns = Math.max(1, Math.floor(this.root.clientWidth / least));
    this.rowHeight = parseFloat(style.getPropertyValue("--row-height"));
    if (columns !== this.columns || anew) {
      this.columns = columns;
      this.clear();
      this.root.style.setProperty("--columns", columns);
      this.root.setAttribute("aria-colcount", columns);
      this.root.setAttribute("aria-rowcount", this.nRows);
      this.root.style.height = `${this.nRows * this.rowHeight}px`;
    }
    this.render();
  }

  get nRows() {
    return Math.ceil(this.images.length / this.columns);
  }

  clear() {
    for (const row of this.rows.values()) row.remove();
    this.rows.clear();
  }

  render() {
    if (this.printing) return;
    const top = -this.root.getBoundingClientRect().top;
    const first = Math.max(0, Math.floor(top / this.rowHeight) - Grid.overscan);
    const last = Math.min(this.nRows, Math.ceil((top + innerHeight) / this.rowHeight) + Grid.overscan);
    for (const [at, row] of this.rows) {
      // The row that has the focus stays: it would be lost.
      if ((at < first || at >= last) && !row.contains(document.activeElement)) {
        row.remove();
        this.rows.delete(at);
      }
    }
    for (let at = first; at < last; at += 1) {
      if (!this.rows.has(at)) this.addRow(at);
    }
  }

  addRow(at) {
    const row = element("div", { className: "row", role: "row", ariaRowIndex: at + 1 });
    row.style.top = `${at * this.rowHeight}px`;
    const start = at * this.columns;
    const end = Math.min(start + this.columns, this.images.length);
    for (let place = start; place < end; place += 1) row.append(this.card(place));
    // In the order of the page, which is that of reading and of the Tab key.
    const after = [...this.rows.keys()].filter((other) => other > at).sort((a, b) => a - b)[0];
    this.root.insertBefore(row, after === undefined ? null : this.rows.get(after));
    this.rows.set(at, row);
  }

  card(place) {
    const { study } = this;
    const at = this.images[place];
    const [photo, quantized] = study.thumbnails[at];
    const picture = (src) => element("img", { src, alt: "", loading: "lazy", decoding: "async" });
    const bar = element("span", { className: "palette" }, study.clustersOf(at).map((cluster) => {
      const part = element("span", { title: `${cluster.name} ${percent(cluster.share)}` });
      part.style.cssText = `flex-grow:${cluster.share};background:${cluster.hex}`;
      return part;
    }));
    const button = element("button", { type: "button", className: "card", tabIndex: place === this.active ? 0 : -1 }, [
      element("span", { className: "pictures" }, [picture(photo), picture(quantized)]),
      bar,
      element("span", { className: "name", textContent: study.name[at], title: study.path[at] }),
      element("span", { className: "meta", textContent: this.metaOf(at) }),
    ]);
    button.dataset.place = place;
    button.dataset.image = at;
    this.showMark(button, at);
    const column = place % this.columns;
    return element("div", { role: "gridcell", ariaColIndex: column + 1 }, [button]);
  }

  metaOf(at) {
    const { study } = this;
    const texts = [study.groupOf(at)];
    if (study.distance[at] !== null) texts.push(`${study.distance[at].toFixed(1)} from the pool`);
    if (study.mean[at] !== null) texts.push(`residual ${study.mean[at].toFixed(1)}`);
    if (this.measure) texts.unshift(this.measure(at));
    return texts.filter(Boolean).join(" · ");
  }

  showMark(button, at) {
    const mark = this.marks.of(this.study.name[at]);
    button.classList.toggle("wrong", mark.wrong);
    button.classList.toggle("commented", mark.comment !== "");
    const said = [mark.wrong && "marked wrong", mark.comment && `comment: ${mark.comment}`];
    button.setAttribute("aria-description", said.filter(Boolean).join(", "));
  }

  refreshMark(at) {
    const button = this.root.querySelector(`[data-image="${at}"]`);
    if (button) this.showMark(button, at);
  }

  // Bring the image at this place into sight, and the focus to it.
  focus(place) {
    this.active = Math.min(Math.max(place, 0), this.images.length - 1);
    if (this.active < 0) return;
    const row = Math.floor(this.active / this.columns);
    const box = this.root.getBoundingClientRect();
    const top = box.top + row * this.rowHeight;
    const above = document.getElementById("controls").getBoundingClientRect();
    const covered = getComputedStyle(document.getElementById("controls")).position === "sticky" ? above.height : 0;
    if (top < covered) scrollBy({ top: top - covered });
    else if (top + this.rowHeight > innerHeight) scrollBy({ top: top + this.rowHeight - innerHeight });
    this.render();
    const button = this.root.querySelector(`[data-place="${this.active}"]`);
    button.focus({ preventScroll: true });
  }

  onClick(event) {
    const button = event.target.closest(".card");
    if (button) this.open(Number(button.dataset.place));
  }

  onFocus(event) {
    const button = event.target.closest(".card");
    if (!button) return;
    this.active = Number(button.dataset.place);
    for (const other of this.root.querySelectorAll('.card[tabindex="0"]')) other.tabIndex = -1;
    button.tabIndex = 0;
  }

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(innerHeight / this.rowHeight) - 1) * this.columns;
    const steps = {
      ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.columns, ArrowDown: this.columns,
      PageUp: -page, PageDown: page, Home: -Infinity, End: Infinity,
    };
    if (event.key in steps) {
      const place = this.active + steps[event.key];
      // Up from the first row, and down from the last, stays in the column.
      const isRow = event.key === "ArrowUp" || event.key === "ArrowDown";
      if (!isRow || (place >= 0 && place < this.images.length)) this.focus(place);
    } else if (event.key.toLowerCase() === "w") {
      this.onWrong(this.images[this.active]);
    } else {
      return;
    }
    event.preventDefault();
  }

  // For print: all images in the flow of the page, as far as a printer goes.
  async layOutForPrint() {
    this.clear();
    this.printing = true;
    this.root.style.height = "";
    const end = Math.min(this.images.length, Grid.mostPrinted);
    const cards = Array.from({ length: end }, (_, place) => this.card(place));
    for (const picture of cards.flatMap((card) => [...card.querySelectorAll("img")])) {
      picture.loading = "eager";
    }
    const row = element("div", { className: "row", role: "row" }, cards);
    this.root.append(row);
    this.rows.set(0, row);
    const pictures = [...row.querySelectorAll("img")];
    await Promise.allSettled(pictures.map((picture) => picture.decode()));
  }

  leavePrint() {
    this.printing = false;
    this.layOut(true);
  }
}
