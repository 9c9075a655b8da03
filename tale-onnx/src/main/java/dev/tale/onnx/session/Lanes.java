package dev.tale.onnx.session;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Threads that each take one batch after another. A small model's operators are too short to be
 * shared by threads; its batches are not.
 */
final class Lanes {
  private Lanes() {}

  /**
   * Works in so many threads at once; one works in the caller's. Returns when all have returned. If
   * one fails, or the caller is interrupted, the others are interrupted and waited for.
   *
   * @throws CancellationException if the caller is interrupted; it stays so
   */
  static void work(int lanes, Runnable lane) {
    if (lanes == 1) {
      lane.run();
      return;
    }
    ExecutorService threads = Executors.newFixedThreadPool(lanes, Lanes::thread);
    try {
      List<Future<?>> working = new ArrayList<>();
      for (int i = 0; i < lanes; i++) {
        working.add(threads.submit(lane));
      }
      await(working);
    } finally {
      end(threads);
    }
  }

  private static Thread thread(Runnable lane) {
    Thread thread = new Thread(lane, "tale-lane");
    thread.setDaemon(true);
    return thread;
  }

  private static void await(List<Future<?>> working) {
    try {
      for (Future<?> lane : working) {
        lane.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("Interrupted; nothing of this call is kept");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw (Error) e.getCause();
    }
  }

  /** What a lane holds is freed before this returns, or it would be used after it is closed. */
  private static void end(ExecutorService threads) {
    threads.shutdownNow();
    boolean interrupted = false;
    while (!threads.isTerminated()) {
      try {
        threads.awaitTermination(1, TimeUnit.DAYS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
