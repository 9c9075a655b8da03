package dev.tale.onnx;

import dev.tale.onnx.session.runtime.SessionConfig;

/** Where a model runs. Immutable. */
public final class Device {
  private final SessionConfig config;

  private Device(SessionConfig config) {
    this.config = config;
  }

  /** Returns the CPU, with as many threads as this process has processors. */
  public static Device cpu() {
    return cpu(Runtime.getRuntime().availableProcessors());
  }

  /**
   * Returns the CPU.
   *
   * @param threads number of threads that share one operator, at least 1
   * @throws IllegalArgumentException if {@code threads} is less than 1
   */
  public static Device cpu(int threads) {
    return new Device(SessionConfig.cpu(threads));
  }

  /**
   * Returns a CUDA device. It needs {@code com.microsoft.onnxruntime:onnxruntime_gpu} on the class
   * path instead of {@code onnxruntime}, and the CUDA and cuDNN versions that it is built for. A
   * device that is not there is an error when a model is opened, never a silent run on the CPU.
   * Matrix products are computed in full single precision, without TF32.
   *
   * @param device number of the device, as {@code nvidia-smi} lists it, at least 0
   * @throws IllegalArgumentException if {@code device} is negative
   */
  public static Device cuda(int device) {
    return new Device(SessionConfig.cuda(device));
  }

  /**
   * Returns this device without sharing: every mask runs the whole model and every prompt is run
   * whole, as if it were asked alone. For comparison; answers agree within rounding.
   */
  public Device sharingNothing() {
    return new Device(config.sharingNothing());
  }

  SessionConfig config() {
    return config;
  }

  /** Returns the device in words, for example {@code CPU, 2 threads} or {@code CUDA device 0}. */
  @Override
  public String toString() {
    return config.cudaDevice().isPresent()
        ? "CUDA device " + config.cudaDevice().getAsInt()
        : "CPU, " + config.threads() + " threads";
  }
}
