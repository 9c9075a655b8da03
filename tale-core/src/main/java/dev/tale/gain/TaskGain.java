package dev.tale.gain;

import dev.tale.model.LayerMask;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The gains on one task in parts, and their rivals.
 *
 * @param task its name
 * @param isHeldOut whether the figures are of held-out rows
 * @param free ways to answer that remove nothing
 * @param path one entry for each configuration of the path, the unpruned model first
 * @param warnings of the reported configurations
 */
public record TaskGain(
    String task,
    boolean isHeldOut,
    List<FreeBaseline> free,
    List<ConfigurationGain> path,
    List<GainWarning> warnings) {

  /** Copies the lists. */
  public TaskGain {
    free = List.copyOf(free);
    path = List.copyOf(path);
    warnings = List.copyOf(warnings);
  }

  /** The free way with the most rows right, the first on a tie. */
  public Optional<FreeBaseline> bestFree() {
    return free.stream().max(Comparator.comparingInt(each -> each.quoted().correct()));
  }

  /** The entry of a configuration of the path. */
  public Optional<ConfigurationGain> of(LayerMask mask) {
    return path.stream().filter(each -> each.mask().equals(mask)).findFirst();
  }
}
