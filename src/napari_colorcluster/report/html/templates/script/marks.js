// What a person says of images: wrong, or a comment. Kept in the browser, and saved as CSV.

class Marks {
  static none = Object.freeze({ wrong: false, comment: "" });

  constructor(key) {
    this.key = `napari-colorcluster-marks-${key}`;
    this.kept = true;
    this.load();
  }

  load() {
    let stored = [];
    try {
      stored = JSON.parse(localStorage.getItem(this.key) ?? "[]");
    } catch {
      this.kept = false;
    }
    this.byName = new Map(stored);
  }

  of(name) {
    return this.byName.get(name) ?? Marks.none;
  }

  set(name, change) {
    const mark = { ...this.of(name), ...change };
    if (mark.wrong || mark.comment) this.byName.set(name, mark);
    else this.byName.delete(name);
    try {
      localStorage.setItem(this.key, JSON.stringify([...this.byName]));
    } catch {
      this.kept = false;
    }
  }

  static fits(mark, show) {
    const fits = {
      all: true,
      wrong: mark.wrong,
      comment: mark.comment !== "",
      unmarked: mark === Marks.none,
    };
    return fits[show];
  }

  // The marked images of a study as CSV, in the order of the study.
  csv(study) {
    const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    const lines = ["image,path,wrong,comment"];
    study.name.forEach((name, at) => {
      const mark = this.of(name);
      if (mark !== Marks.none) {
        const cells = [name, study.path[at], mark.wrong ? "yes" : "no", mark.comment];
        lines.push(cells.map(quoted).join(","));
      }
    });
    return `${lines.join("\n")}\n`;
  }
}
