package dev.tale.model;

import java.util.List;

/**
 * A model as far as it is known without being run: its layers and limits, the requests that it can
 * answer, and the work that they would take. Needs no weights in memory, so that a search can be
 * planned on one machine and run on others.
 */
public interface ModelDescription extends AutoCloseable {

  /** Name, content hash, layers, context length and runtime. */
  ModelInfo info();

  /**
   * Checks that every request can be answered, before anything slow starts. Unless overridden, all
   * can.
   *
   * @throws UnanswerableRequestException if one cannot be answered; it carries the position of the
   *     request in the list and the reason: a prompt longer than the context, a continuation that
   *     no token sequence can produce
   */
  default void check(List<Request> requests) {}

  /**
   * Work that answering a batch takes. A function of its argument alone, so that work can be
   * accounted for without being repeated. Unless overridden, a request counts as one token, and
   * nothing is shared.
   *
   * @throws UnanswerableRequestException as {@link #check} does, if it is overridden
   */
  default PlannedWork cost(Batch batch) {
    long layers = batch.masks().stream().mapToLong(mask -> mask.kept().size()).sum();
    long each = batch.requests().size() * layers;
    return new PlannedWork(each, each);
  }

  /**
   * What the model's files say against each other and a reader of its figures should know, such as
   * what a prompt begins with: a sentence each. Unless overridden, nothing.
   */
  default List<String> warnings() {
    return List.of();
  }

  /** Frees what the description holds; unless overridden, nothing. Closing twice has no effect. */
  @Override
  default void close() {}
}
