package dev.tale.onnx.session.walk;

import ai.onnxruntime.OnnxTensor;
import dev.tale.onnx.gate.GatedGraph;
import dev.tale.onnx.layers.CachePort;
import dev.tale.onnx.session.runtime.KeyValues;
import dev.tale.onnx.session.runtime.Outputs;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs layers on a group of batches.
 *
 * <p>Implementation note: what the rows begin with is run first, as one row, through the same
 * layers; these layers' keys and values of it are what came before in the runs of the rows. So
 * whatever masks share of the rows' work they share of the beginning's, and its keys and values are
 * held only while the layers run that made them.
 *
 * @param <O> what comes out of a batch at the end
 */
public final class GroupRunner<O> implements LayerRunner<List<O>> {
  private final @Nullable BatchRunner beginning;
  private final List<? extends PartRunner<O>> parts;

  /**
   * Creates a runner.
   *
   * @param beginning runs what the rows begin with, or null if nothing is run before them
   * @param parts runs the batches
   */
  public GroupRunner(@Nullable BatchRunner beginning, List<? extends PartRunner<O>> parts) {
    this.beginning = beginning;
    this.parts = parts;
  }

  @Override
  public Hidden body(Hidden entry, List<Integer> layers) {
    States states = new States(new ArrayList<>());
    try (KeyValues known = remember(entry, layers, states)) {
      for (int part = 0; part < parts.size(); part++) {
        states.all.add(parts.get(part).body(at(entry, part + 1), layers, known));
      }
      return states;
    } catch (RuntimeException e) {
      states.close();
      throw e;
    }
  }

  /** What the rows begin with is scaled too, since it is what later layers remember. */
  @Override
  public Hidden scale(Hidden entry, Hidden exit, double factor) {
    States scaled = new States(new ArrayList<>());
    try {
      for (int position = 0; position <= parts.size(); position++) {
        scaled.all.add(scaleOne(at(entry, position), at(exit, position), factor));
      }
      return scaled;
    } catch (RuntimeException e) {
      scaled.close();
      throw e;
    }
  }

  private static Hidden scaleOne(Hidden entry, Hidden exit, double factor) {
    return entry instanceof Boundary from && exit instanceof Boundary to
        ? Boundary.between(from, to, factor)
        : Hidden.START;
  }

  @Override
  public List<O> finish(Hidden entry, List<Integer> layers) {
    List<O> outputs = new ArrayList<>();
    try (KeyValues known = remember(entry, layers, null)) {
      for (int part = 0; part < parts.size(); part++) {
        outputs.add(parts.get(part).finish(at(entry, part + 1), layers, known));
      }
    }
    return outputs;
  }

  private static Hidden at(Hidden entry, int position) {
    return entry instanceof States states ? states.all.get(position) : Hidden.START;
  }

  /**
   * Runs the beginning, if there is one.
   *
   * @param next where its states after the layers are put, or null if they are not wanted
   */
  private KeyValues remember(Hidden entry, List<Integer> layers, @Nullable States next) {
    List<CachePort> ports =
        beginning == null ? List.of() : KeyValues.ports(beginning.loaded().graph(), layers);
    if (beginning == null || (next == null && ports.isEmpty())) {
      if (next != null) {
        next.all.add(Hidden.START);
      }
      return KeyValues.none();
    }
    Set<String> wanted = new HashSet<>();
    ports.forEach(port -> wanted.add(port.present()));
    if (next != null) {
      wanted.add(GatedGraph.HIDDEN_OUT);
    }
    try (Outputs outputs = beginning.run(at(entry, 0), layers, KeyValues.none(), false, wanted)) {
      if (next != null) {
        next.all.add(new Boundary(outputs.take(GatedGraph.HIDDEN_OUT)));
      }
      return KeyValues.of(KeyValues.take(outputs, ports));
    }
  }

  /**
   * Where the beginning and each batch are.
   *
   * @param all that of the beginning first
   */
  private record States(List<Hidden> all) implements Hidden {
    @Override
    public void feed(Map<String, OnnxTensor> inputs) {
      throw new IllegalStateException("The states of several batches cannot be fed to one run");
    }

    @Override
    public void close() {
      all.forEach(Hidden::close);
    }
  }
}
