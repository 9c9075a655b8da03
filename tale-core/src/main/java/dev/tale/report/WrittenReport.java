package dev.tale.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.evaluate.Configuration;
import dev.tale.files.RegularFile;
import dev.tale.model.DataFormatException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A result that was written as JSON: its configurations as they were found, but for the texts of
 * the answers, which are not written.
 */
public final class WrittenReport implements WrittenResult {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PROVENANCE = "provenance";

  /** What a report holds of its search; the rest is measured, or follows from these. */
  private static final List<String> FIGURES =
      List.of(
          "baseline",
          "best",
          "bsba",
          "final",
          "steps",
          "guards",
          "evaluations",
          "rowEvaluations",
          "layerForwards",
          "heldOutWork",
          "rounds");

  private final JsonNode root;
  private final List<Configuration> path = new ArrayList<>();
  private final Configuration best;
  private final Configuration bsba;
  private final Optional<Configuration> chosen;

  private WrittenReport(JsonNode root) {
    this.root = root;
    WrittenScores scores = new WrittenScores(root);
    path.add(scores.configuration(root.path("baseline")));
    root.path("steps").forEach(step -> path.add(scores.configuration(step)));
    best = found("best");
    bsba = found("bsba");
    boolean met = root.at("/chosen/met").asBoolean(false);
    chosen = met ? Optional.of(found("chosen")) : Optional.empty();
  }

  static WrittenReport read(Path file) throws IOException {
    JsonNode root = parse(file);
    JsonNode format = root.path("format");
    if (!format.isInt() || !root.path(PROVENANCE).isObject()) {
      throw new DataFormatException(
          file, "is not a result of Tale: it lacks format or provenance; give a report.json");
    }
    if (format.intValue() != ReportJson.FORMAT) {
      throw new DataFormatException(
          file,
          "has format "
              + format
              + ", but this version reads "
              + ReportJson.FORMAT
              + "; read it with the version that wrote it");
    }
    try {
      return new WrittenReport(root);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new DataFormatException(
          file, "is damaged: " + e.getMessage() + "; restore it, or write it again", e);
    }
  }

  private static JsonNode parse(Path file) throws IOException {
    try {
      RegularFile.require("report", file);
      return JSON.readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw new DataFormatException(
          file, "is not JSON: " + e.getOriginalMessage() + "; give a report.json", e);
    } catch (CharacterCodingException e) {
      throw new DataFormatException(file, "is not UTF-8; give a report.json", e);
    }
  }

  /** Returns the baseline, then every accepted configuration, with costs if they were measured. */
  public List<Configuration> path() {
    return List.copyOf(path);
  }

  /** Returns the unpruned model. */
  public Configuration baseline() {
    return path.get(0);
  }

  /** Returns BEST. */
  public Configuration best() {
    return best;
  }

  /** Returns BSBA. */
  public Configuration bsba() {
    return bsba;
  }

  /** Returns FINAL. */
  public Configuration last() {
    return path.get(path.size() - 1);
  }

  /**
   * Returns the configuration that the trade-off chose; empty if none was what it demands, or only
   * the report was written, and not the run.
   */
  public Optional<Configuration> chosen() {
    return chosen;
  }

  private Configuration found(String name) {
    JsonNode removed = root.path(name).path("removedLayers");
    return path.stream()
        .filter(each -> removed.isArray())
        .filter(each -> each.mask().removed().equals(WrittenScores.removed(root.path(name))))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException(name + " is without " + removed + ", off the path"));
  }

  @Override
  public Map<String, String> facts() {
    return Facts.of("", root);
  }

  @Override
  public List<Difference> inputs(Provenance later) {
    return Facts.compare(
        Facts.of(PROVENANCE, root.get(PROVENANCE)),
        Facts.of(PROVENANCE, tree(ProvenanceJson.of(later).text())));
  }

  @Override
  public List<Difference> figures(Report later) {
    return Facts.compare(figures(root), figures(tree(later.toJson())));
  }

  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A report cannot be read back as JSON", e);
    }
  }

  private static Map<String, String> figures(JsonNode result) {
    ObjectNode figures = JSON.createObjectNode();
    for (String name : FIGURES) {
      if (result.has(name)) {
        figures.set(name, result.get(name));
      }
    }
    return Facts.of("", figures);
  }
}
