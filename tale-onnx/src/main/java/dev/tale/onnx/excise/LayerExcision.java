package dev.tale.onnx.excise;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.common.collect.ImmutableList;
import dev.tale.files.NamedFailure;
import dev.tale.model.LayerInfo.Part;
import dev.tale.model.LayerMask;
import dev.tale.model.LinearPatch;
import dev.tale.onnx.graph.ExternalRange;
import dev.tale.onnx.graph.Nodes;
import dev.tale.onnx.graph.OnnxGraph;
import dev.tale.onnx.layers.ResidualStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes a model without some of its layers. */
public final class LayerExcision {
  private LayerExcision() {}

  /**
   * As {@link #write(ResidualStream, LayerMask, List, Path, Map)}, without maps.
   *
   * @throws IOException if a file cannot be read or written
   */
  public static List<Path> write(
      ResidualStream stream, LayerMask mask, Path target, Map<String, String> metadata)
      throws IOException {
    return write(stream, mask, List.of(), target, metadata);
  }

  /**
   * Writes the model that {@code mask} describes: an ordinary ONNX model, without gates, with the
   * key-value cache of the layers that stay numbered from 0. The same arguments give the same
   * bytes. When this fails, no file is left behind.
   *
   * @param patches maps in the place of spans of the removed layers, at most one each
   * @param target file to create; external weights are created beside it
   * @param metadata entries to set in the model's metadata, by key
   * @return the files that were created, the graph last
   * @throws FileAlreadyExistsException if a file to be created exists
   * @throws IOException if a file cannot be read or written
   * @throws IllegalArgumentException if the mask is for another number of layers or removes all
   * @throws dev.tale.model.UnsupportedModelException if the layers cannot be removed
   */
  public static List<Path> write(
      ResidualStream stream,
      LayerMask mask,
      List<LinearPatch> patches,
      Path target,
      Map<String, String> metadata)
      throws IOException {
    check(stream, mask);
    OnnxGraph graph = stream.graph();
    ExcisedGraph excised = new ExcisedGraph(stream, mask, patches);
    ExternalCopy weights = ExternalCopy.plan(graph, excised.weights(), target);
    ModelProto model =
        withMetadata(graph.proto(), metadata).setGraph(excised.build(weights::apply)).build();
    List<Path> created = new ArrayList<>();
    try {
      for (String location : weights.files()) {
        Path file = target.resolveSibling(location);
        refuseExisting(file);
        created.add(file);
        weights.write(location, file);
      }
      refuseExisting(target);
      created.add(target);
      NamedFailure.of(
          target, () -> GraphWriter.write(model, inline(graph, excised, model), target));
    } catch (Throwable e) {
      delete(created, e);
      throw e;
    }
    return ImmutableList.copyOf(created);
  }

  /** Places of the weights that stay in the graph itself, by their new names. */
  private static Map<String, ExternalRange> inline(
      OnnxGraph graph, ExcisedGraph excised, ModelProto model) {
    Map<String, ExternalRange> inline = new HashMap<>();
    List<TensorProto> weights = excised.weights();
    for (int index = 0; index < weights.size(); index++) {
      ExternalRange range = graph.external().get(weights.get(index).getName());
      if (range != null && range.isInline()) {
        inline.put(model.getGraph().getInitializer(index).getName(), range);
      }
    }
    return inline;
  }

  private static void check(ResidualStream stream, LayerMask mask) {
    mask.requireLayers(stream.layerCount());
    if (mask.kept().isEmpty()) {
      throw new IllegalArgumentException(
          "Mask " + mask + " removes every layer; at least 1 layer must stay");
    }
    if (mask.kept().stream()
        .allMatch(layer -> stream.layer(layer).info().part() == Part.FEED_FORWARD)) {
      throw new IllegalArgumentException(
          "Mask " + mask + " removes attention from every layer; at least 1 must keep it");
    }
  }

  private static ModelProto.Builder withMetadata(ModelProto model, Map<String, String> metadata) {
    Map<String, String> entries = new TreeMap<>();
    model.getMetadataPropsList().forEach(entry -> entries.put(entry.getKey(), entry.getValue()));
    entries.putAll(metadata);
    ModelProto.Builder builder = model.toBuilder().clearMetadataProps();
    entries.forEach((key, value) -> builder.addMetadataProps(Nodes.entry(key, value)));
    return builder;
  }

  private static void refuseExisting(Path file) throws FileAlreadyExistsException {
    if (Files.exists(file)) {
      throw new FileAlreadyExistsException(
          file.toString(), null, "exists; give a file in a new or empty directory");
    }
  }

  private static void delete(List<Path> files, Throwable because) {
    for (Path file : files) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        because.addSuppressed(e);
      }
    }
  }
}
