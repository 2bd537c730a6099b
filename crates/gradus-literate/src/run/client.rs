//! One kernel and the Jupyter protocol.

use crate::kernel::{self, Installation, Kernel, Session};
use jupyter_protocol::{
    ConnectionInfo, ErrorOutput, ExecuteRequest, ExecutionState, JupyterMessage,
    JupyterMessageContent, KernelInfoRequest, ReplyStatus, Stdio,
};
use jupyter_zmq_client::{
    DealerSendConnection, RuntimeError, create_client_iopub_connection,
    create_client_shell_connection_with_identity, peer_identity_for_session,
};
use nbformat::v4::{MultilineString, Output};
use std::path::Path;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// A kernel that was just started may have to wait for its turn among compilers.
const START_LIMIT: Duration = Duration::from_secs(120);

/// How often another program may have taken one of the ports that were free a moment ago.
const ATTEMPTS: usize = 5;

/// How long to listen, after a cell has ended, for what it wrote just before. The kernel reads
/// standard error in a thread of its own, which may be late.
pub(super) const GRACE: Duration = Duration::from_millis(40);

/// The same where text on standard error is the only sign of a failure.
pub(super) const LONG_GRACE: Duration = Duration::from_millis(250);

/// What one cell answered.
#[derive(Debug, Default)]
pub(super) struct Answer {
    id: String,
    pub(super) outputs: Vec<Output>,
    pub(super) errors: Vec<ErrorOutput>,
    pub(super) failed: bool,
    pub(super) elapsed: Duration,
}

impl Answer {
    /// What it wrote to standard error.
    pub(super) fn stderr(&self) -> String {
        self.outputs
            .iter()
            .filter_map(|output| match output {
                Output::Stream { name, text } if name == "stderr" => Some(text.0.as_str()),
                _ => None,
            })
            .collect()
    }

    /// Streams come line by line: those that follow each other are one output.
    fn write(&mut self, stream: &str, piece: &str) {
        if let Some(Output::Stream { name, text }) = self.outputs.last_mut()
            && name == stream
        {
            text.0.push_str(piece);
        } else {
            self.outputs
                .push(Output::Stream { name: stream.into(), text: MultilineString(piece.into()) });
        }
    }
}

/// Why a cell has no answer.
#[derive(Debug)]
pub(super) enum Halt {
    TimedOut,
    Died(String),
}

enum Event {
    Iopub(JupyterMessage),
    Shell(JupyterMessage),
}

/// A kernel that is up. Dropping this ends it.
pub(super) struct Client {
    pub(super) kernel: Kernel,
    shell: DealerSendConnection,
    events: mpsc::UnboundedReceiver<Event>,
    readers: [JoinHandle<()>; 2],
    /// One for each cell so far: a line may come so late that the next cell is already running.
    pub(super) answers: Vec<Answer>,
}

impl Drop for Client {
    fn drop(&mut self) {
        self.readers.iter().for_each(JoinHandle::abort);
    }
}

impl Client {
    /// Starts a kernel and waits until it answers.
    pub(super) async fn start(
        installation: &Installation,
        workshop: Option<&Path>,
        dir: &Path,
        fill: impl Fn(&Path) -> Result<(), kernel::Error>,
    ) -> Result<Self, kernel::Error> {
        Self::start_on(installation, workshop, dir, fill, kernel::free_ports).await
    }

    async fn start_on(
        installation: &Installation,
        workshop: Option<&Path>,
        dir: &Path,
        fill: impl Fn(&Path) -> Result<(), kernel::Error>,
        mut ports: impl FnMut() -> std::io::Result<ConnectionInfo>,
    ) -> Result<Self, kernel::Error> {
        let mut last = String::new();
        for _ in 0..ATTEMPTS {
            let session = Session::new(installation)?;
            fill(&session.workshop())?;
            let ports = ports().map_err(|error| kernel::Error::Start(error.to_string()))?;
            let kernel = kernel::launch(installation, session, workshop, dir, ports)?;
            match Self::connect(kernel).await {
                Ok(client) => return Ok(client),
                Err(message) if message.contains("in use") => last = message,
                Err(message) => return Err(kernel::Error::Start(message)),
            }
        }
        Err(kernel::Error::Start(last))
    }

    async fn connect(kernel: Kernel) -> Result<Self, String> {
        let limit = Instant::now() + START_LIMIT;
        let wait = |kernel: &Kernel| match kernel.process.ended() {
            Some(_) => Err(format!("it ended at once: {}", kernel.log().trim())),
            None if Instant::now() > limit => {
                Err(format!("no answer in {} s", START_LIMIT.as_secs()))
            }
            None => Ok(()),
        };
        // Its port for output is the last one that the kernel opens.
        while TcpStream::connect((kernel.connection.ip.as_str(), kernel.connection.iopub_port))
            .await
            .is_err()
        {
            wait(&kernel)?;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let text = |error: RuntimeError| error.to_string();
        let id = uuid::Uuid::new_v4().to_string();
        let identity = peer_identity_for_session(&id).map_err(text)?;
        let mut iopub =
            create_client_iopub_connection(&kernel.connection, "", &id).await.map_err(text)?;
        let shell = create_client_shell_connection_with_identity(&kernel.connection, &id, identity)
            .await
            .map_err(text)?;
        let (shell, mut replies) = shell.split();
        let (send, events) = mpsc::unbounded_channel();
        let iopub = tokio::spawn({
            let send = send.clone();
            async move {
                loop {
                    match iopub.read().await {
                        Ok(message) => {
                            if send.send(Event::Iopub(message)).is_err() {
                                return;
                            }
                        }
                        Err(RuntimeError::ParseError { .. }) => {}
                        Err(_) => return,
                    }
                }
            }
        });
        let replies = tokio::spawn(async move {
            loop {
                match replies.read().await {
                    Ok(message) => {
                        if send.send(Event::Shell(message)).is_err() {
                            return;
                        }
                    }
                    Err(RuntimeError::ParseError { .. }) => {}
                    Err(_) => return,
                }
            }
        });
        let mut client =
            Self { kernel, shell, events, readers: [iopub, replies], answers: Vec::new() };
        // A subscription takes effect some time after it was made: ask until output is heard.
        loop {
            let id = client.ask_info().await.map_err(text)?;
            let (mut idle, mut replied) = (false, false);
            let mut patience = limit;
            while !(idle && replied) {
                match client.next(patience).await {
                    Some(event) => {
                        replied |= client.is_reply(&event, &id);
                        idle |= client.take(event).is_some_and(|parent| parent == id);
                        if replied {
                            patience = Instant::now() + Duration::from_millis(500);
                        }
                    }
                    None => {
                        wait(&client.kernel)?;
                        if replied && Instant::now() >= patience {
                            break;
                        }
                    }
                }
            }
            if idle && replied {
                return Ok(client);
            }
        }
    }

    async fn ask_info(&mut self) -> Result<String, RuntimeError> {
        let request: JupyterMessage = KernelInfoRequest {}.into();
        let id = request.header.msg_id.clone();
        self.shell.send(request).await?;
        Ok(id)
    }

    /// The next event; nothing after a moment, so that the caller can see whether the kernel lives,
    /// or at `until`.
    async fn next(&mut self, until: Instant) -> Option<Event> {
        let moment = Instant::now() + Duration::from_millis(100);
        tokio::time::timeout_at(until.min(moment), self.events.recv()).await.ok().flatten()
    }

    fn is_reply(&self, event: &Event, id: &str) -> bool {
        matches!(event, Event::Shell(message) if message.parent_header.as_ref().is_some_and(|parent| parent.msg_id == id))
    }

    /// Puts an event where it belongs. If it says that a request is done with, the request's id.
    fn take(&mut self, event: Event) -> Option<String> {
        let (Event::Iopub(message) | Event::Shell(message)) = event;
        let parent = message.parent_header?.msg_id;
        let answer = self.answers.iter_mut().rev().find(|answer| answer.id == parent);
        match (message.content, answer) {
            (JupyterMessageContent::Status(status), _)
                if status.execution_state == ExecutionState::Idle =>
            {
                return Some(parent);
            }
            (JupyterMessageContent::StreamContent(stream), Some(answer)) => {
                let name = match stream.name {
                    Stdio::Stdout => "stdout",
                    Stdio::Stderr => "stderr",
                };
                answer.write(name, &stream.text);
            }
            (JupyterMessageContent::ExecuteResult(result), Some(answer)) => {
                answer.outputs.push(Output::ExecuteResult(nbformat::v4::ExecuteResult {
                    execution_count: result.execution_count,
                    data: result.data,
                    metadata: result.metadata,
                }));
            }
            (JupyterMessageContent::DisplayData(display), Some(answer)) => {
                answer.outputs.push(Output::DisplayData(nbformat::v4::DisplayData {
                    data: display.data,
                    metadata: display.metadata,
                }));
            }
            (JupyterMessageContent::ErrorOutput(error), Some(answer)) => answer.errors.push(error),
            (JupyterMessageContent::ExecuteReply(reply), Some(answer)) => {
                answer.failed = reply.status != ReplyStatus::Ok
            }
            _ => {}
        }
        None
    }

    /// Runs one cell. It has ended when both its idle status and its reply have come, in either
    /// order. The answer is the last of `answers`.
    pub(super) async fn execute(&mut self, code: &str, limit: Duration) -> Result<(), Halt> {
        let mut request = ExecuteRequest::new(code.to_owned());
        request.allow_stdin = false;
        let request: JupyterMessage = request.into();
        let id = request.header.msg_id.clone();
        self.answers.push(Answer { id: id.clone(), ..Answer::default() });
        let start = Instant::now();
        self.shell.send(request).await.map_err(|error| Halt::Died(error.to_string()))?;
        self.until_done(&id, start + limit).await?;
        if let Some(answer) = self.answers.last_mut() {
            answer.elapsed = start.elapsed();
        }
        Ok(())
    }

    async fn until_done(&mut self, id: &str, limit: Instant) -> Result<(), Halt> {
        let (mut idle, mut replied) = (false, false);
        while !(idle && replied) {
            match self.next(limit).await {
                Some(event) => {
                    replied |= self.is_reply(&event, id);
                    idle |= self.take(event).is_some_and(|parent| parent == id);
                }
                None => {
                    if let Some(code) = self.kernel.process.ended() {
                        return Err(Halt::Died(self.epitaph(code)));
                    }
                    if Instant::now() >= limit {
                        return Err(Halt::TimedOut);
                    }
                }
            }
        }
        Ok(())
    }

    /// Waits for what a cell wrote just before its end: one exchange of messages, which on a busy
    /// machine takes longer too, then so much silence.
    pub(super) async fn settle(&mut self, silence: Duration) -> Result<(), Halt> {
        let id = self.ask_info().await.map_err(|error| Halt::Died(error.to_string()))?;
        self.until_done(&id, Instant::now() + START_LIMIT).await?;
        while let Ok(Some(event)) = tokio::time::timeout(silence, self.events.recv()).await {
            self.take(event);
        }
        Ok(())
    }

    fn epitaph(&self, code: Option<i32>) -> String {
        let how = match code {
            Some(code @ 129..) => format!("killed by signal {}", code - 128),
            Some(code) => format!("it exited with code {code}"),
            None => "it was killed".into(),
        };
        let log = self.kernel.log();
        match log.lines().rfind(|line| !line.trim().is_empty()) {
            Some(line) => format!("{how}: {line}"),
            None => how,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Interrupt;
    use crate::progress::Progress;
    use std::net::TcpListener;

    /// Trap: the kernel is told its ports, so another program may take one before it does.
    #[tokio::test(flavor = "multi_thread")]
    async fn a_kernel_whose_port_was_taken_is_started_again() {
        let installation = kernel::ensure(&Progress::new(), &Interrupt::new())
            .unwrap_or_else(|error| panic!("{error}"));
        let dir = tempfile::tempdir().unwrap();
        let mut taken = Vec::new();
        let mut attempts = 0;
        let ports = || {
            let ports = kernel::free_ports()?;
            attempts += 1;
            if attempts == 1 {
                taken.push(TcpListener::bind((ports.ip.as_str(), ports.shell_port))?);
            }
            Ok(ports)
        };
        let client = Client::start_on(&installation, None, dir.path(), |_| Ok(()), ports).await;
        assert!(client.is_ok(), "{:?}", client.err());
        assert_eq!(attempts, 2);
    }
}
