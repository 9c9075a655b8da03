package dev.tale.onnx.session.walk;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Threads that each take one batch after another. A small model's operators are too short to be
 * shared by threads; its batches are not.
 */
public final class Lanes {
  private final Runnable lane;
  private final List<Thread> threads = new ArrayList<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean cancelled = new AtomicBoolean();

  private Lanes(Runnable lane) {
    this.lane = lane;
  }

  /**
   * Works in so many threads at once: one lane in the caller's thread, several in threads of their
   * own. Returns when all have returned. If one fails, whichever it is, or the caller is
   * interrupted, the others are interrupted at once and waited for. The failure that came first is
   * thrown; those of lanes that failed besides are suppressed in it.
   *
   * @throws CancellationException if the caller is interrupted; it stays so
   */
  public static void work(int lanes, Runnable lane) {
    if (lanes == 1) {
      lane.run();
    } else {
      new Lanes(lane).work(lanes);
    }
  }

  private void work(int lanes) {
    for (int i = 0; i < lanes; i++) {
      Thread thread = new Thread(this::run, "tale-lane");
      thread.setDaemon(true);
      threads.add(thread);
    }
    try {
      threads.forEach(Thread::start);
    } finally {
      joinAll();
    }
    throwFailure();
    if (cancelled.get()) {
      throw new CancellationException("Interrupted; nothing of this call is kept");
    }
  }

  private void run() {
    try {
      lane.run();
    } catch (CancellationException e) {
      cancelled.set(true); // by an interrupt, which all get
    } catch (RuntimeException | Error e) {
      failures.add(e);
      interruptAll();
    }
  }

  private void interruptAll() {
    threads.forEach(Thread::interrupt);
  }

  /**
   * Waits until no lane runs: what a lane holds is freed before this returns, or it would be used
   * after it is closed.
   */
  private void joinAll() {
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
          cancelled.set(true);
          interruptAll();
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void throwFailure() {
    Iterator<Throwable> failed = failures.iterator();
    if (!failed.hasNext()) {
      return;
    }
    Throwable first = failed.next();
    failed.forEachRemaining(
        other -> {
          if (other != first) {
            first.addSuppressed(other);
          }
        });
    if (first instanceof RuntimeException failure) {
      throw failure;
    }
    throw (Error) first;
  }
}
