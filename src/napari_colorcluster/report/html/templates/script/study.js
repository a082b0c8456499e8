// The study: what is known of each image, and how images are found and put in order.

class Study {
  constructor(data) {
    Object.assign(this, data);
    this.size = data.name.length;
    this.shared = data.palettes.length === 1;
    this.totals = data.pixels.map((pixels) => pixels.reduce((sum, n) => sum + n, 0));
    this.haystacks = data.name.map((name, at) =>
      `${name}\n${data.path[at]}\n${data.groups[data.group[at]]}`.toLowerCase(),
    );
    this.ranks = new Map();
  }

  share(at, row) {
    return this.pixels[at][row] / Math.max(this.totals[at], 1);
  }

  groupOf(at) {
    return this.groups[this.group[at]];
  }

  // The clusters of an image: label, name, hex, pixels and share.
  clustersOf(at) {
    return this.palettes[this.palette[at]].map(([label, name, hex], row) => ({
      label, name, hex, pixels: this.pixels[at][row], share: this.share(at, row),
    }));
  }

  // What images can be sorted by: a word for it, and a number for each image.
  get orders() {
    const orders = [["name", "Name", (at) => this.rank("name", this.name)[at]]];
    if (this.groups.length > 1) {
      orders.push(["group", "Group", (at) => this.groupRank()[this.group[at]]]);
    }
    const measured = [
      ["distance", "Distance to the pool", this.distance],
      ["mean", "Mean residual", this.mean],
      ["p95", "Residual, 95th percentile", this.p95],
    ];
    for (const [id, word, values] of measured) {
      if (values.some((value) => value !== null)) {
        orders.push([id, word, (at) => values[at] ?? NaN]);
      }
    }
    if (this.shared) {
      this.palettes[0].forEach(([, name], row) => {
        orders.push([`share-${row}`, `Share of ${name}`, (at) => this.share(at, row)]);
      });
    }
    return orders;
  }

  groupRank() {
    return this.rank("group", this.groups);
  }

  // The place of each text in the order of a person's language, numbers in it by their value.
  rank(id, texts) {
    if (!this.ranks.has(id)) {
      const collator = new Intl.Collator(undefined, { numeric: true });
      const order = texts.map((_, at) => at).sort((a, b) => collator.compare(texts[a], texts[b]));
      const rank = new Float64Array(texts.length);
      order.forEach((at, place) => { rank[at] = place; });
      this.ranks.set(id, rank);
    }
    return this.ranks.get(id);
  }

  // The images that match, in order; what has no value comes last both ways.
  find({ text, group, show, sort, descending }, marks) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const found = [];
    for (let at = 0; at < this.size; at += 1) {
      const mark = marks.of(this.name[at]);
      const hay = mark.comment ? `${this.haystacks[at]}\n${mark.comment.toLowerCase()}` : this.haystacks[at];
      if ((group === "" || this.group[at] === Number(group))
        && Marks.fits(mark, show)
        && words.every((word) => hay.includes(word))) {
        found.push(at);
      }
    }
    const value = this.orders.find(([id]) => id === sort)[2];
    const values = new Float64Array(this.size);
    for (const at of found) values[at] = value(at);
    const sign = descending ? -1 : 1;
    return found.sort((a, b) => {
      const [left, right] = [values[a], values[b]];
      if (Number.isNaN(left) || Number.isNaN(right)) {
        return Number.isNaN(left) - Number.isNaN(right) || a - b;
      }
      return sign * (left - right) || a - b;
    });
  }
}

function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}

// An element with properties and children; texts are texts, never HTML.
function element(tag, properties = {}, children = []) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}
