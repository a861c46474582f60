import type PDFDocument from 'pdfkit';

import { visualRuns } from './visual-runs.ts';
import type { VisualRun } from './visual-runs.ts';

export interface TextStyle {
  /** Points. */
  size: number;
  bold?: boolean;
  colour?: string;
}

interface Box {
  /** Points from the left edge of the page. */
  left: number;
  width: number;
}

const LINE_HEIGHT = 1.55;
const LABEL_SHARE = 0.34;
const BLACK = '#111111';

/** Text from top to bottom of as many pages as it takes, in either direction; positions are points from the upper left. */
export class TextColumn {
  readonly #document: InstanceType<typeof PDFDocument>;
  readonly #direction: 'rtl' | 'ltr';
  readonly #margin: number;
  readonly #whole: Box;
  #top: number;
  /** Beside the picture in the corner lines are shorter. */
  #corner = { size: 0, bottom: 0 };

  constructor(
    document: InstanceType<typeof PDFDocument>,
    { direction, margin }: { direction: 'rtl' | 'ltr'; margin: number },
  ) {
    this.#document = document;
    this.#direction = direction;
    this.#margin = margin;
    this.#whole = { left: margin, width: document.page.width - 2 * margin };
    this.#top = margin;
  }

  /** Dark squares of a code at the end of the first lines. */
  corner(squares: readonly (readonly boolean[])[], size: number): void {
    const { left, width } = this.#whole;
    const x = this.#direction === 'ltr' ? left + width - size : left;
    const step = size / squares.length;
    squares.forEach((row, line) =>
      row.forEach((isDark, place) => {
        if (isDark) this.#document.rect(x + place * step, this.#top + line * step, step, step);
      }),
    );
    this.#document.fill(BLACK);
    this.#corner = { size: size + 12, bottom: this.#top + size };
  }

  text(text: string, style: TextStyle): void {
    this.#block(text, style, this.#room());
  }

  /** A label and its value side by side, the label where reading begins. */
  fact(label: string, value: string): void {
    const { left, width } = this.#whole;
    const labelWidth = width * LABEL_SHARE;
    const valueWidth = width - labelWidth - 10;
    const isLeftFirst = this.#direction === 'ltr';
    const style = { size: 11 };
    this.#needs(style.size * LINE_HEIGHT);
    const start = this.#top;
    const labelLeft = isLeftFirst ? left : left + width - labelWidth;
    this.#block(label, { ...style, colour: '#555555' }, { left: labelLeft, width: labelWidth });
    const labelEnd = this.#top;
    this.#top = start;
    this.#block(value, style, { left: isLeftFirst ? left + labelWidth + 10 : left, width: valueWidth });
    this.#top = Math.max(this.#top, labelEnd);
  }

  rule(): void {
    this.gap(8);
    const { left, width } = this.#whole;
    this.#document
      .moveTo(left, this.#top)
      .lineTo(left + width, this.#top)
      .lineWidth(0.5)
      .stroke('#bbbbbb');
    this.gap(8);
  }

  gap(points: number): void {
    this.#top += points;
  }

  #room(): Box {
    const { left, width } = this.#whole;
    if (this.#top >= this.#corner.bottom) return this.#whole;
    const { size } = this.#corner;
    return { left: this.#direction === 'ltr' ? left : left + size, width: width - size };
  }

  #block(text: string, style: TextStyle, box: Box): void {
    for (const line of this.#lines(text, style, box.width)) {
      this.#needs(style.size * LINE_HEIGHT);
      this.#draw(line, style, box);
      this.#top += style.size * LINE_HEIGHT;
    }
  }

  /** Words as many as fit; one that is longer than a line is cut. */
  #lines(text: string, style: TextStyle, width: number): string[] {
    const lines: string[] = [];
    let line = '';
    for (const word of text.split(/\s+/).flatMap((one) => this.#fitting(one, style, width))) {
      const longer = line === '' ? word : `${line} ${word}`;
      if (line !== '' && this.#width(longer, style) > width) {
        lines.push(line);
        line = word;
      } else line = longer;
    }
    return [...lines, line];
  }

  #fitting(word: string, style: TextStyle, width: number): string[] {
    if (this.#width(word, style) <= width) return [word];
    const half = Math.ceil(word.length / 2);
    return [word.slice(0, half), word.slice(half)].flatMap((part) =>
      part.length < 2 ? [part] : this.#fitting(part, style, width),
    );
  }

  #width(line: string, style: TextStyle): number {
    const runs = visualRuns(line, this.#direction);
    return runs.reduce((sum, run) => sum + this.#widthOf(run, style), 0);
  }

  #widthOf(run: VisualRun, style: TextStyle): number {
    return this.#choose(run, style).widthOfString(run.text, WHOLE_RUN);
  }

  #draw(line: string, style: TextStyle, { left, width }: Box): void {
    const runs = visualRuns(line, this.#direction);
    let x = this.#direction === 'ltr' ? left : left + width - this.#width(line, style);
    for (const run of runs) {
      this.#choose(run, style)
        .fillColor(style.colour ?? BLACK)
        .text(run.text, x, this.#top, WHOLE_RUN);
      x += this.#widthOf(run, style);
    }
  }

  #choose({ font }: VisualRun, { size, bold }: TextStyle) {
    return this.#document.font(`${font}-${bold ? 700 : 400}`).fontSize(size);
  }

  #needs(height: number): void {
    if (this.#top + height <= this.#document.page.height - this.#margin) return;
    this.#document.addPage();
    this.#top = this.#margin;
    this.#corner = { size: 0, bottom: 0 };
  }
}

/** Naming a feature keeps the font engine from shaping word by word, which would put the words in the wrong order. */
const WHOLE_RUN = { lineBreak: false, features: ['kern'] } satisfies PDFKit.Mixins.TextOptions;
