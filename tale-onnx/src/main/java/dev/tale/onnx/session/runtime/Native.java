package dev.tale.onnx.session.runtime;

import ai.onnxruntime.OrtException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One native object and its one owner. Closing twice has no effect, so an owner may free early what
 * a surrounding block frees again.
 *
 * @param <T> session, options, tensor or result
 */
public final class Native<T extends AutoCloseable> implements AutoCloseable {
  private static final AtomicInteger OPEN = new AtomicInteger();

  private final T value;
  private boolean closed;

  private Native(T value) {
    this.value = value;
    OPEN.incrementAndGet();
  }

  /** Takes what the maker makes. */
  static <T extends AutoCloseable> Native<T> own(Maker<T> maker) {
    try {
      return new Native<>(maker.make());
    } catch (OrtException e) {
      throw RuntimeFailure.of(e);
    }
  }

  public T get() {
    if (closed) {
      throw new IllegalStateException("A native object is used after it was closed");
    }
    return value;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    OPEN.decrementAndGet();
    try {
      value.close();
    } catch (Exception e) {
      throw new IllegalStateException("ONNX Runtime could not close " + value, e);
    }
  }

  /** Returns how many native objects of this process have an owner, for tests. */
  public static int open() {
    return OPEN.get();
  }

  /**
   * Makes a native object.
   *
   * @param <T> what is made
   */
  @FunctionalInterface
  interface Maker<T> {
    T make() throws OrtException;
  }
}
