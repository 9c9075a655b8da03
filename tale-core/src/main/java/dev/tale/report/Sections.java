package dev.tale.report;

import java.util.List;

/** The sections of a report, in their order. */
final class Sections {
  private Sections() {}

  static List<Section> of(ReportContent content) {
    return List.of(
        SummarySection.of(content),
        TrajectorySection.of(content),
        RoundsSection.of(content),
        LatencySection.of(content),
        ImportanceSection.of(content),
        InformationSection.of(content),
        FlipsSection.of(content),
        ProvenanceSection.of(content));
  }

  static String title(ReportContent content) {
    return content.provenance().model().name() + " on " + content.provenance().selection().name();
  }
}
