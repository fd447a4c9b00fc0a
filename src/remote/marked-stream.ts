/** The output between two marks: that of one fragment. */
export interface Piece {
  readonly text: string;
  readonly exitCode: number;
}

/**
 * Cuts stdout or stderr of a framed script (see framing.ts) at its marks, while it arrives. What stands before the
 * first mark is the login shell's own noise; what stands after the last is ignored.
 *
 * Bytes beyond the limit are counted and dropped, marks are still seen. Text is decoded as UTF-8 once it is whole.
 */
export class MarkedStream {
  readonly #mark: Buffer;
  readonly #limit: number;
  readonly #pieces: Piece[] = [];
  #kept = 0;
  #dropped = 0;
  #state: 'noise' | 'inside' | 'ended' = 'noise';
  #noise = '';
  /** Output since the last mark. */
  #chunks: Buffer[] = [];
  /** The last bytes, which may be the start of a mark. */
  #tail: Buffer = Buffer.alloc(0);

  /** @param limit how many bytes are kept, over all pieces. */
  constructor(nonce: string, limit: number) {
    this.#mark = Buffer.from(`${nonce} `);
    this.#limit = limit;
  }

  /** The first mark was seen: the shell has read the whole script. */
  get begun(): boolean {
    return this.#state !== 'noise';
  }

  get ended(): boolean {
    return this.#state === 'ended';
  }

  /** The fragments that have ended, in order. */
  get pieces(): readonly Piece[] {
    return this.#pieces;
  }

  /** How many bytes were dropped because of the limit. */
  get dropped(): number {
    return this.#dropped;
  }

  /** What the login shell, sudo and the like wrote before the script began; all of it while it has not. */
  get noise(): string {
    return this.begun ? this.#noise : this.unfinished;
  }

  /** What has come since the last mark. */
  get unfinished(): string {
    return Buffer.concat([...this.#chunks, this.#tail]).toString('utf8');
  }

  push(chunk: Buffer): void {
    let data = this.#tail.length > 0 ? Buffer.concat([this.#tail, chunk]) : chunk;
    this.#tail = Buffer.alloc(0);
    while (!this.ended) {
      const at = data.indexOf(this.#mark);
      if (at === -1) {
        const safe = Math.max(0, data.length - this.#mark.length + 1);
        this.#keep(data.subarray(0, safe));
        this.#tail = data.subarray(safe);
        return;
      }
      const start = at + this.#mark.length;
      const newline = data.indexOf('\n', start);
      if (newline === -1 && data.length - start <= LONGEST_WORD) {
        this.#keep(data.subarray(0, at));
        this.#tail = data.subarray(at);
        return;
      }
      const word = newline === -1 ? '' : data.toString('latin1', start, newline);
      if (MARK_WORD.test(word)) {
        this.#keep(data.subarray(0, at));
        this.#take(word);
        data = data.subarray(newline + 1);
      } else {
        this.#keep(data.subarray(0, start));
        data = data.subarray(start);
      }
    }
  }

  #keep(data: Buffer): void {
    const room = Math.min(data.length, this.#limit - this.#kept);
    if (room > 0) {
      this.#chunks.push(data.subarray(0, room));
      this.#kept += room;
    }
    this.#dropped += data.length - room;
  }

  #take(word: string): void {
    const text = this.unfinished;
    this.#chunks = [];
    if (word === 'begin') {
      this.#noise = text;
      this.#state = 'inside';
    } else if (word === 'end') {
      this.#state = 'ended';
    } else {
      this.#pieces.push({ text, exitCode: Number(word) });
    }
  }
}

const MARK_WORD = /^(?:begin|end|\d{1,3})$/;
const LONGEST_WORD = 'begin'.length;
