/** What commands that run a world need of the machine: given by whoever starts them. */
export interface Host {
  /** The file that this command line was started from; runs of several seeds start it again, each in a process of its own. */
  readonly script: string;
  /** Commands of whoever starts this command line, which it runs itself: told of by `--help`. */
  readonly trials: readonly { readonly name: string; readonly about: string }[];
  /** An empty Redis of its own. */
  startRedis(): Promise<OwnRedis>;
}

export interface OwnRedis {
  readonly url: string;
  stop(): Promise<void>;
}
