package dev.tale;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.tale.testing.PackageOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each package uses only packages above it in this list. */
class ArchitectureTest {
  private static final List<String> PACKAGES =
      List.of(
          "dev.tale.text",
          "dev.tale.files",
          "dev.tale.estimate",
          "dev.tale.model",
          "dev.tale.data",
          "dev.tale.math",
          "dev.tale.patch",
          "dev.tale.task",
          "dev.tale.benchmark",
          "dev.tale.stats",
          "dev.tale.answers",
          "dev.tale.journal",
          "dev.tale.evaluate",
          "dev.tale.gain",
          "dev.tale.information",
          "dev.tale.importance",
          "dev.tale.analysis",
          "dev.tale.policy",
          "dev.tale.search",
          "dev.tale.chart",
          "dev.tale.document",
          "dev.tale.report",
          "dev.tale.report.section",
          "dev.tale");

  @Test
  void packagesUseOnlyThoseAboveThem() {
    JavaClasses classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.tale");
    PackageOrder.of(PACKAGES).check(classes);
  }
}
