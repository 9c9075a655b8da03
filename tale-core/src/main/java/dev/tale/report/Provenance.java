package dev.tale.report;

import static java.util.stream.Collectors.joining;

import dev.tale.evaluate.Configuration;
import dev.tale.model.ModelInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Where a result comes from.
 *
 * @param taleVersion version of Tale
 * @param model the model
 * @param selection the rows that chose the layers
 * @param heldOut the rows that chose nothing, if there were any
 * @param guards the tasks that were not to suffer, in the order in which they were asked
 * @param strategy how candidates were explored, without its budget
 * @param floor lowest accuracy accepted
 * @param budget most layer-forwards that the search might spend, if there was a limit
 * @param tradeOff which accepted configuration was to be chosen
 * @param java version of the Java runtime
 * @param operatingSystem name and architecture
 */
public record Provenance(
    String taleVersion,
    ModelInfo model,
    TaskSetSummary selection,
    Optional<TaskSetSummary> heldOut,
    List<GuardSummary> guards,
    String strategy,
    String floor,
    OptionalLong budget,
    String tradeOff,
    String java,
    String operatingSystem) {

  /** Copies the guards. */
  public Provenance {
    guards = List.copyOf(guards);
  }

  /**
   * The settings that determine the answers, by name. Two runs with the same identity and budget on
   * one machine end in the same result; a journal serves only runs with its own identity. The
   * budget, which only ends a search, and the trade-off, which comes after it, are no part of it.
   */
  public Map<String, String> identity() {
    Map<String, String> identity = new TreeMap<>();
    identity.put("tale.version", taleVersion);
    identity.put("tale.model", model.contentHash());
    identity.put("tale.granularity", model.granularity().toString());
    identity.put("tale.runtime", model.runtime());
    identity.put("tale.selection", selection.contentHash());
    identity.put("tale.heldOut", heldOut.map(TaskSetSummary::contentHash).orElse("none"));
    identity.put("tale.strategy", strategy);
    identity.put("tale.floor", floor);
    if (!guards.isEmpty()) {
      identity.put("tale.guards", guards.stream().map(Provenance::identity).collect(joining(", ")));
    }
    return identity;
  }

  /**
   * The provenance of a written model, by names that begin with {@code tale.}: the {@link
   * #identity}, budget, trade-off and machine of its search, what was removed and how it scored.
   * {@link WrittenResult#ofModel} reads it.
   *
   * @param configuration the configuration that is written, of this search
   */
  public Map<String, String> metadata(Configuration configuration) {
    Map<String, String> metadata = new TreeMap<>(ModelMetadata.inputs(this));
    metadata.putAll(ModelMetadata.figures(this, configuration));
    return metadata;
  }

  /** Returns model and task, as a heading. */
  public String title() {
    return model.name() + " on " + selection.name();
  }

  /** True on a test split, or no field. */
  Optional<Boolean> chosenOnTestSplit() {
    return Optional.of(selection.isTestSplit()).filter(split -> split);
  }

  private static String identity(GuardSummary guard) {
    return guard.task().contentHash() + " - " + guard.maxDrop();
  }
}
