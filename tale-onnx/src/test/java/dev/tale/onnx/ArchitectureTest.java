package dev.tale.onnx;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.tale.testing.PackageOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each package uses only packages above it in this list, and each library has one user. */
class ArchitectureTest {
  private static final List<String> PACKAGES =
      List.of(
          "dev.tale.onnx.graph",
          "dev.tale.onnx.checkpoint",
          "dev.tale.onnx.checkpoint.gguf",
          "dev.tale.onnx.layers",
          "dev.tale.onnx.gate",
          "dev.tale.onnx.excise",
          "dev.tale.onnx.folder",
          "dev.tale.onnx.jinja.value",
          "dev.tale.onnx.jinja",
          "dev.tale.onnx.text",
          "dev.tale.onnx.session.runtime",
          "dev.tale.onnx.session.batch",
          "dev.tale.onnx.session.walk",
          "dev.tale.onnx.session.decode",
          "dev.tale.onnx.session",
          "dev.tale.onnx");

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.tale.onnx");

  @Test
  void packagesUseOnlyThoseAboveThem() {
    PackageOrder.of(PACKAGES).check(classes);
  }

  @Test
  void onlyTheSessionPackageKnowsTheRuntime() {
    isUsedOnlyBy("ai.onnxruntime..", "dev.tale.onnx.session..");
  }

  @Test
  void onlyTheTextPackageKnowsTheTokenizerLibrary() {
    isUsedOnlyBy("ai.djl..", "dev.tale.onnx.text");
  }

  private void isUsedOnlyBy(String library, String user) {
    noClasses()
        .that()
        .resideOutsideOfPackage(user)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(classes);
  }
}
