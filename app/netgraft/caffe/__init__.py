"""What Caffe means: old formats, phases, the net as Caffe would build it, its checks. No web, no files."""
