package dev.tale.report.section;

import dev.tale.analysis.LayerAnalysis;
import dev.tale.document.Block;
import dev.tale.document.Block.Paragraph;
import java.util.List;

/** Sentences on what is missing of an analysis, and why. */
final class NotMeasured {
  private NotMeasured() {}

  static List<Block> of(LayerAnalysis analysis, LayerAnalysis.Kind kind) {
    return analysis.missing(kind).stream()
        .<Block>map(missing -> new Paragraph("Not measured: " + missing + "."))
        .toList();
  }
}
