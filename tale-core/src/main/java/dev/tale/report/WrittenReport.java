package dev.tale.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.files.RegularFile;
import dev.tale.model.DataFormatException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A result that was written as JSON. */
final class WrittenReport implements WrittenResult {
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

  private WrittenReport(JsonNode root) {
    this.root = root;
  }

  static WrittenReport read(Path file) throws IOException {
    JsonNode root = parse(file);
    JsonNode format = root.path("format");
    if (!format.isInt() || !root.path(PROVENANCE).isObject()) {
      throw new DataFormatException(
          file, "is not a result of Tale: it lacks format or provenance; give a report.json");
    }
    if (format.intValue() < 1 || format.intValue() > ReportJson.WEIGHTED_FORMAT) {
      throw new DataFormatException(
          file,
          "has format "
              + format
              + ", but this version reads 1 to "
              + ReportJson.WEIGHTED_FORMAT
              + "; read it with the version that wrote it");
    }
    return new WrittenReport(root);
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

  @Override
  public List<Difference> inputs(Provenance later) {
    return Facts.compare(
        Facts.of(PROVENANCE, provenance()), Facts.of(PROVENANCE, ProvenanceJson.write(later)));
  }

  /** Results of earlier versions have their trade-off where they say what it chose. */
  private JsonNode provenance() {
    ObjectNode provenance = root.get(PROVENANCE).deepCopy();
    JsonNode earlier = root.path("chosen").path(ProvenanceJson.TRADE_OFF);
    if (!provenance.has(ProvenanceJson.TRADE_OFF) && earlier.isTextual()) {
      provenance.set(ProvenanceJson.TRADE_OFF, earlier);
    }
    return provenance;
  }

  @Override
  public List<Difference> figures(Report later) {
    try {
      return Facts.compare(figures(root), figures(JSON.readTree(later.toJson())));
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
