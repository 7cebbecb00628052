// What the handlers of private chats are added to.

import { Composer, type Context, type Middleware } from "grammy";

type Many = Middleware<Context> | Middleware<Context>[];

/**
 * A composer whose branches are made once. grammY's own makes a composer anew for each update at each of them, and an
 * update passes some forty: measured, an eighth of all that a /balance costs. What is filtered from it further on, for
 * staff, stays grammY's: few updates pass there.
 */
export class Chats extends Composer<Context> {
  override branch(
    predicate: (ctx: Context) => boolean | Promise<boolean>,
    trueMiddleware: Many,
    falseMiddleware: Many,
  ): Composer<Context> {
    const [yes, no] = [made(trueMiddleware), made(falseMiddleware)];
    return this.use(async (ctx, next) => ((await predicate(ctx)) ? yes : no)(ctx, next));
  }
}

function made(middleware: Many) {
  return new Composer(...[middleware].flat()).middleware();
}
