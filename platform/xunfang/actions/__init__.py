"""Floor 5: one function for each act of a person or of the machinery = one transaction = at least one event.

Where things are:
  deployment   Deployment: the database, keys, files and rulebooks everything works on; Actor: who acts
  acting       acting(): permission, transaction, events and jobs of one act
  signing_in   sign_in, sign_out, change_password, create_account, change_account
  submitting   submit: a filled form becomes a clue, joins or opens a case
  dispatching  confirm_dispatch
  handling     claim, complete, return_task, transfer, urge
  duties       hand_in, and the worker's part: begin_duties, DutyOpening
  papers       print_notice, open_notice, and the worker's part: NoticeIssuing
  reminding    the worker's part: Reminding, BreachRecording, WaitEnding, Replanning; reconcile
  jobs         JOBS: every kind of job, its label and what carries it out
  reading      reveal, mark_read, attach
  operating    try_again: a parked job; note_presence: a session in use
  publishing   publish: make the files on disk the release that new cases begin on
"""
