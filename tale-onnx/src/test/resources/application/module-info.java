/** An application as a user of Tale writes it. */
module example.application {
  requires dev.tale.onnx;
}
