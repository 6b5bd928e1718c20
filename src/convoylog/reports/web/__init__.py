"""The trip as one HTML file: complete without script, without network, on paper."""
