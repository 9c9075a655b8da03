package dev.tale.onnx.session.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import com.google.common.base.Throwables;
import dev.tale.model.LayerInfo;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.gate.ConditionForm;
import java.util.List;
import java.util.OptionalInt;

/**
 * Where and how sessions run.
 *
 * @param threads number of threads that share one operator, at least 1
 * @param cudaDevice CUDA device, or empty for the CPU
 * @param maxSequences largest number of sequences in a batch, at least 1
 * @param sharing whether masks share their first layers and prompts their first tokens; without it,
 *     every mask is run by itself and every prompt whole, for comparison
 */
public record SessionConfig(
    int threads, OptionalInt cudaDevice, int maxSequences, boolean sharing) {
  /** Measured on 2 M parameters and 2 cores: 8 to 64 differ by a tenth, 64 is the slowest. */
  private static final int CPU_SEQUENCES = 16;

  /**
   * Up to so many parameters a layer, threads take a batch each; above it, they share one. Measured
   * on 2 cores, a batch each against one shared: 0.85 of the time at 0.16 M parameters a layer,
   * 1.03 at 15 M.
   */
  private static final long LANE_PARAMETERS = 4_000_000;

  private static final int CUDA_SEQUENCES = 64;

  /** 1 GiB: that of 16 rows of 280 tokens of a model of 0.5 B parameters in float32. */
  private static final long CPU_BATCH_BYTES = 1L << 30;

  /** 4 GiB. */
  private static final long CUDA_BATCH_BYTES = 4L << 30;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a value is less than its least
   */
  public SessionConfig {
    if (threads < 1 || maxSequences < 1 || cudaDevice.orElse(0) < 0) {
      throw new IllegalArgumentException(
          "threads is "
              + threads
              + " (at least 1), maxSequences "
              + maxSequences
              + " (at least 1), CUDA device "
              + cudaDevice
              + " (at least 0)");
    }
  }

  /** Returns the CPU with so many threads. */
  public static SessionConfig cpu(int threads) {
    return new SessionConfig(threads, OptionalInt.empty(), CPU_SEQUENCES, true);
  }

  /** Returns a CUDA device. What runs on the CPU beside it is shape arithmetic: one thread. */
  public static SessionConfig cuda(int device) {
    return new SessionConfig(1, OptionalInt.of(device), CUDA_SEQUENCES, true);
  }

  /** Returns this without sharing. */
  public SessionConfig sharingNothing() {
    return new SessionConfig(threads, cudaDevice, maxSequences, false);
  }

  /** Returns how many batches of a model run at once, each on one thread; 1: all on one batch. */
  public int lanes(List<LayerInfo> layers) {
    long parameters = layers.stream().mapToLong(LayerInfo::parameters).sum();
    return parameters <= LANE_PARAMETERS * layers.size() ? threads : 1;
  }

  /** Returns this for a model that so many batches run on at once. */
  public SessionConfig inLanes(int lanes) {
    return new SessionConfig(Math.max(1, threads / lanes), cudaDevice, maxSequences, sharing);
  }

  /** Returns how many bytes a batch may need beside weights and caches, by estimate. */
  public long batchBytes() {
    return cudaDevice.isPresent() ? CUDA_BATCH_BYTES : CPU_BATCH_BYTES;
  }

  /** Returns the form that a gated graph must have for this device. */
  public ConditionForm conditionForm() {
    return cudaDevice.isPresent() ? ConditionForm.LENGTH : ConditionForm.BOOL;
  }

  /**
   * Runtime and device, for provenance: {@code ONNX Runtime 1.28.0, CPU}.
   *
   * @throws UnsupportedModelException if ONNX Runtime's native library does not load
   */
  public String runtime() {
    try {
      return "ONNX Runtime " + OrtEnvironment.getEnvironment().getVersion() + ", " + device();
    } catch (LinkageError | IllegalCallerException e) {
      throw new UnsupportedModelException(
          "The native library of ONNX Runtime does not load: "
              + Throwables.getRootCause(e).getMessage()
              + "; run on a platform that it exists for, and from Java 24 on allow native access:"
              + " --enable-native-access=ALL-UNNAMED, or com.microsoft.onnxruntime for modules",
          e);
    }
  }

  /** Returns the device in words: {@code CPU} or {@code CUDA device 0}. */
  public String device() {
    return cudaDevice.isPresent() ? "CUDA device " + cudaDevice.getAsInt() : "CPU";
  }

  /**
   * Checks that the device is there.
   *
   * @throws UnsupportedModelException if it is not; the message says what is missing
   */
  public void checkAvailable() {
    if (cudaDevice.isPresent()
        && !OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
      throw new UnsupportedModelException(noCuda("ONNX Runtime was built without it"));
    }
  }

  /**
   * Applies everything to the options.
   *
   * <p>Idle threads must not spin: a library shares its machine with the program that embeds it. On
   * two processors that other programs used as well, one greedy round took 2 to 8 times as long
   * with spinning threads as without. Shapes change with every batch, so memory patterns would be
   * planned and thrown away. Errors come as exceptions, so the runtime is not to print them too.
   * The CPU provider stays registered beside CUDA, since shape arithmetic belongs there; a model
   * never lands on it unseen, because adding CUDA fails when the provider or the device cannot be
   * used.
   */
  void apply(SessionOptions options) throws OrtException {
    options.setIntraOpNumThreads(threads);
    options.setMemoryPatternOptimization(false);
    options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    options.addConfigEntry("session.intra_op.allow_spinning", "0");
    if (cudaDevice.isPresent()) {
      addCuda(options, cudaDevice.getAsInt());
    }
  }

  /** TF32 rounds the inputs of matrix products to 10 bits: too coarse to compare answers. */
  private void addCuda(SessionOptions options, int device) {
    checkAvailable();
    try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(device)) {
      cuda.add("use_tf32", "0");
      options.addCUDA(cuda);
    } catch (OrtException e) {
      throw new UnsupportedModelException(noCuda(String.valueOf(e.getMessage())), e);
    }
  }

  private String noCuda(String reason) {
    return "CUDA device "
        + cudaDevice.orElse(0)
        + " cannot be used: "
        + reason
        + "; put com.microsoft.onnxruntime:onnxruntime_gpu on the class path instead of onnxruntime,"
        + " install the CUDA and cuDNN versions it is built for, and check that nvidia-smi lists the"
        + " device, or use Device.cpu()";
  }
}
