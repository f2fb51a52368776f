"""What goes over the wire: shapes and types. Rules are the actions' business."""
